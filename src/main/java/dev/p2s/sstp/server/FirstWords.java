package dev.p2s.sstp.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * Takes a client's first words, its ClientHello, a moment after they came. sstpc (1.0.18 and
 * 1.0.20) waits for the answer to its HTTP request only where it has had to wait for TLS; where the
 * server's flight is there when it first looks, it says nothing more (docs/design/sstp.md).
 */
final class FirstWords extends ChannelInboundHandlerAdapter {

  /**
   * Longer than a client mostly takes from sending to looking, also where it is not run at once.
   */
  private static final long MOMENT_MILLIS = 100;

  private final Queue<Object> heard = new ArrayDeque<>();

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object words) {
    if (heard.isEmpty()) {
      ctx.channel().config().setAutoRead(false);
      var _ = ctx.executor().schedule(() -> pass(ctx), MOMENT_MILLIS, TimeUnit.MILLISECONDS);
    }
    heard.add(words);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    // TLS would ask for more
    if (heard.isEmpty()) {
      ctx.fireChannelReadComplete();
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    heard.forEach(ReferenceCountUtil::release);
    heard.clear();
  }

  private void pass(ChannelHandlerContext ctx) {
    if (ctx.isRemoved()) {
      return;
    }
    while (!heard.isEmpty()) {
      ctx.fireChannelRead(heard.remove());
    }
    ctx.fireChannelReadComplete();
    ctx.channel().config().setAutoRead(true);
    ctx.pipeline().remove(this);
  }
}
