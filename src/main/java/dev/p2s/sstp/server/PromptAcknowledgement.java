package dev.p2s.sstp.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioChannelOption;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;

/**
 * Acknowledges what has come a moment after it came, not when the kernel would: after 40 ms. sstpc
 * does not set TCP_NODELAY (RFC 896), so the end of each of its bursts waits for that. The kernel
 * takes the wish for what there is to acknowledge just then, so it is told anew.
 */
final class PromptAcknowledgement extends ChannelInboundHandlerAdapter {

  /** Of a connection that is never silent, five hundred a second. */
  private static final long MOMENT_MILLIS = 2;

  private static final ChannelOption<Boolean> ACKNOWLEDGE =
      NioChannelOption.of(ExtendedSocketOptions.TCP_QUICKACK);

  private boolean awaited;

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (!awaited) {
      awaited = true;
      var _ = ctx.executor().schedule(() -> acknowledge(ctx), MOMENT_MILLIS, TimeUnit.MILLISECONDS);
    }
    ctx.fireChannelReadComplete();
  }

  private void acknowledge(ChannelHandlerContext ctx) {
    awaited = false;
    if (ctx.channel().isActive()) {
      var _ = ctx.channel().config().setOption(ACKNOWLEDGE, true);
    }
  }
}
