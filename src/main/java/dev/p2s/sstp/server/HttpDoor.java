package dev.p2s.sstp.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;

/**
 * Lets in who asks for SSTP and nobody else. A head that is too long, or anything that comes before
 * it is answered, closes the connection.
 */
final class HttpDoor extends ByteToMessageDecoder {

  private final Supplier<CallHandler> calls;

  /**
   * @param calls makes what takes over
   */
  HttpDoor(Supplier<CallHandler> calls) {
    this.calls = calls;
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    ByteBuf end = Unpooled.wrappedBuffer(DuplexPost.END);
    int at = ByteBufUtil.indexOf(end, in);
    if (at < 0) {
      if (in.readableBytes() > DuplexPost.LONGEST) {
        refuse(ctx, in, 431, "Request Header Fields Too Large");
      }
      return;
    }
    String head =
        in.readCharSequence(
                at - in.readerIndex() + DuplexPost.END.length, StandardCharsets.US_ASCII)
            .toString();
    if (head.length() > DuplexPost.LONGEST) {
      refuse(ctx, in, 431, "Request Header Fields Too Large");
    } else if (in.isReadable()) {
      refuse(ctx, in, 400, "Bad Request");
    } else if (!DuplexPost.isOne(head)) {
      refuse(ctx, in, 404, "Not Found");
    } else {
      var _ = ctx.writeAndFlush(Unpooled.wrappedBuffer(DuplexPost.ACCEPTED), ctx.voidPromise());
      ctx.pipeline().replace(this, "call", calls.get());
    }
  }

  private static void refuse(ChannelHandlerContext ctx, ByteBuf in, int status, String reason) {
    in.skipBytes(in.readableBytes());
    ctx.channel().config().setAutoRead(false);
    ctx.writeAndFlush(Unpooled.wrappedBuffer(DuplexPost.refusal(status, reason)))
        .addListener(ChannelFutureListener.CLOSE);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    var _ = ctx.close();
  }
}
