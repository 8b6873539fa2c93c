package dev.p2s.sstp.server;

import dev.p2s.sstp.binding.HigherLayerKey;
import dev.p2s.sstp.control.ClientMessageReader;
import dev.p2s.sstp.control.MalformedPacketException;
import dev.p2s.sstp.control.SstpAction;
import dev.p2s.sstp.control.SstpCall;
import dev.p2s.sstp.control.SstpEvent;
import dev.p2s.sstp.control.SstpHeader;
import dev.p2s.sstp.control.SstpServerMachine;
import dev.p2s.sstp.eap.EapTlsConversation;
import dev.p2s.sstp.ppp.ControlPacket;
import dev.p2s.sstp.ppp.Lease;
import dev.p2s.sstp.ppp.Login;
import dev.p2s.sstp.ppp.PppAction;
import dev.p2s.sstp.ppp.PppEvent;
import dev.p2s.sstp.ppp.PppFrame;
import dev.p2s.sstp.ppp.PppLink;
import dev.p2s.sstp.ppp.PppMachine;
import dev.p2s.sstp.ppp.PppProtocol;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * One call: drives its two machines with what comes in, and does what they say. Packets of an open
 * call bypass both. Lives on its connection's event loop.
 */
final class CallHandler extends ByteToMessageDecoder {

  /** Address, control and protocol before an IPv4 packet. */
  static final int IPV4_FRAME = PppFrame.ADDRESS_CONTROL << 16 | PppProtocol.IPV4;

  private static final int SOURCE = 12;
  private static final int IPV4_HEADER = 20;
  private static final long TICK_MILLIS = 1_000;
  // above what packets of one burst may go beyond their mark
  private static final long CONTROL_ROOM = 256 * 1024;

  private final SstpServerMachine sstp;
  private final PppMachine ppp;
  private final EapTlsConversation eap;
  private final Switchboard board;

  private Caller caller;
  private SstpCall call;
  private PppLink link;
  private Lease leased;
  private HigherLayerKey eapKey;
  private PacketDevice.Writer writer;
  private Future<?> ticks;
  private long heard;
  private boolean forwarding;
  private boolean asked;
  private String why = "the connection was lost";

  /**
   * @param eap null where EAP is relayed
   */
  CallHandler(SstpServerMachine sstp, PppMachine ppp, EapTlsConversation eap, Switchboard board) {
    this.eap = eap;
    this.sstp = sstp;
    this.ppp = ppp;
    this.board = board;
  }

  /** The word before a packet of data. */
  static int dataHeader(int length) {
    return new SstpHeader(false, length).word();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    heard = now();
    call = SstpCall.begun(heard);
    caller =
        board.caller(
            ctx.channel(), () -> ctx.executor().execute(() -> link(ctx, hungUpByTheGateway())));
    ticks =
        ctx.executor()
            .scheduleAtFixedRate(() -> tick(ctx), TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    heard = now();
    while (in.readableBytes() >= SstpHeader.BYTES) {
      int start = in.readerIndex();
      SstpHeader header;
      try {
        header = SstpHeader.of(in.getInt(start));
      } catch (MalformedPacketException e) {
        // Where the next packet begins cannot be known any more.
        in.skipBytes(in.readableBytes());
        ctx.channel().config().setAutoRead(false);
        call(ctx, new SstpEvent.Malformed(e.status(), e.attribute()));
        return;
      }
      if (in.readableBytes() < header.length()) {
        return;
      }
      if (header.control()) {
        control(ctx, in, header.length());
      } else if (call.carries()) {
        data(ctx, in, start + SstpHeader.BYTES, header.length() - SstpHeader.BYTES);
      } else {
        call(ctx, new SstpEvent.UnexpectedData());
      }
      in.readerIndex(start + header.length());
    }
  }

  /** What came together goes into the network together. */
  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
    if (forwarding) {
      writer.flush();
    }
    super.channelReadComplete(ctx);
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext ctx) {
    ticks.cancel(false);
    stopForwarding(ctx);
    if (asked) {
      asked = false;
      board.gatekeeper().gone(caller, why);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    var _ = ctx.close();
  }

  private void control(ChannelHandlerContext ctx, ByteBuf in, int length) {
    byte[] packet = new byte[length];
    in.getBytes(in.readerIndex(), packet);
    try {
      call(ctx, new SstpEvent.Said(ClientMessageReader.read(packet)));
    } catch (MalformedPacketException e) {
      call(ctx, new SstpEvent.Malformed(e.status(), e.attribute()));
    }
  }

  private void data(ChannelHandlerContext ctx, ByteBuf in, int at, int length) {
    if (length > PppFrame.HEADER && in.getInt(at) == IPV4_FRAME) {
      packet(in, at + PppFrame.HEADER, length - PppFrame.HEADER);
    } else if (length > 1 && in.getByte(at) == PppProtocol.IPV4) {
      // compressed by a client that does not wait for leave
      packet(in, at + 1, length - 1);
    } else if (link != null) {
      byte[] frame = new byte[length];
      in.getBytes(at, frame);
      PppFrame.read(frame).ifPresent(read -> link(ctx, new PppEvent.Received(read)));
    }
  }

  /** A packet passes only with the address that its client was given. */
  private void packet(ByteBuf in, int at, int length) {
    if (forwarding
        && length >= IPV4_HEADER
        && in.getByte(at) >> 4 == 4
        && in.getInt(at + SOURCE) == leased.client()) {
      caller.countIn(length);
      writer.write(in, at, length);
    }
  }

  private void tick(ChannelHandlerContext ctx) {
    if (link != null) {
      link(ctx, new PppEvent.Tick());
    }
    call(ctx, new SstpEvent.Tick(heard));
  }

  private void call(ChannelHandlerContext ctx, SstpEvent event) {
    SstpServerMachine.Step step = sstp.step(call, event, now());
    call = step.call();
    for (SstpAction action : step.actions()) {
      switch (action) {
        case SstpAction.Send(byte[] packet) -> send(ctx, ctx.alloc().buffer().writeBytes(packet));
        case SstpAction.StartPpp start -> apply(ctx, ppp.begin(now()));
        case SstpAction.Connected connected -> forwardIfReady(ctx);
        case SstpAction.Over(String reason) -> {
          why = reason;
          link = null;
          stopForwarding(ctx);
        }
        case SstpAction.Close close -> {
          var _ = ctx.close();
        }
      }
    }
  }

  private void link(ChannelHandlerContext ctx, PppEvent event) {
    if (link != null) {
      apply(ctx, ppp.step(link, event, now()));
    } else if (event instanceof PppEvent.HangUp) {
      call(ctx, new SstpEvent.HangUp());
    }
  }

  private void apply(ChannelHandlerContext ctx, PppMachine.Step step) {
    link = step.link();
    for (PppAction action : step.actions()) {
      switch (action) {
        case PppAction.Send(PppFrame frame) -> {
          byte[] bytes = frame.bytes();
          send(
              ctx,
              ctx.alloc()
                  .buffer()
                  .writeInt(dataHeader(SstpHeader.BYTES + bytes.length))
                  .writeBytes(bytes));
        }
        case PppAction.Ask(Login.Eap said) when eap != null -> converse(ctx, said.data());
        case PppAction.Ask(Login login) -> ask(ctx, login);
        case PppAction.Open open -> forwardIfReady(ctx);
        case PppAction.Over(String reason) -> {
          call(ctx, new SstpEvent.HangUp());
          why = reason;
        }
      }
    }
  }

  private void ask(ChannelHandlerContext ctx, Login login) {
    asked = true;
    board
        .gatekeeper()
        .ask(caller, login, verdict -> ctx.executor().execute(() -> decided(ctx, verdict)));
  }

  /** TLS inside EAP takes its time for signatures; no packet of others waits for it. */
  private void converse(ChannelHandlerContext ctx, byte[] data) {
    board
        .signatures()
        .execute(
            () -> {
              EapTlsConversation.Outcome outcome = eap.take(data);
              ctx.executor().execute(() -> conversed(ctx, outcome));
            });
  }

  private void conversed(ChannelHandlerContext ctx, EapTlsConversation.Outcome outcome) {
    if (link == null || ctx.isRemoved()) {
      return;
    }
    switch (outcome) {
      case EapTlsConversation.Outcome.Ask(var request) ->
          link(ctx, new PppEvent.Continued(request));
      case EapTlsConversation.Outcome.Failed(String reason) ->
          link(ctx, new PppEvent.Refused(true, reason));
      case EapTlsConversation.Outcome.Known(String user, var chain, HigherLayerKey key) -> {
        eapKey = key;
        ask(ctx, new Login.Certificate(user, chain));
      }
    }
  }

  private void decided(ChannelHandlerContext ctx, Gatekeeper.Verdict verdict) {
    if (link == null || ctx.isRemoved()) {
      return;
    }
    switch (verdict) {
      case Gatekeeper.Verdict.Welcome(Lease lease, String proof, HigherLayerKey key) -> {
        call(ctx, new SstpEvent.Authenticated(eapKey == null ? key : eapKey));
        link(ctx, new PppEvent.Admitted(lease, proof));
      }
      case Gatekeeper.Verdict.More(byte[] request) ->
          link(
              ctx,
              ControlPacket.read(request)
                  .<PppEvent>map(PppEvent.Continued::new)
                  .orElse(new PppEvent.Refused(false, "The login server's words are garbled.")));
      case Gatekeeper.Verdict.Sorry(boolean lasting, String sentence) ->
          link(ctx, new PppEvent.Refused(lasting, sentence));
    }
  }

  private void forwardIfReady(ChannelHandlerContext ctx) {
    if (forwarding || call.state() != SstpCall.State.CONNECTED || link == null || !link.isOpen()) {
      return;
    }
    forwarding = true;
    writer = board.device().writer();
    board.lobby().leave(ctx.channel());
    leased = link.lease();
    board.forwarder().add(leased.client(), new Forwarder.Line(ctx.channel(), caller));
    board.gatekeeper().connected(caller);
  }

  private void stopForwarding(ChannelHandlerContext ctx) {
    if (forwarding) {
      forwarding = false;
      board.forwarder().remove(leased.client(), ctx.channel());
      writer.close();
    }
  }

  /**
   * What a client that does not read has no room for is lost; everything here is said again. It has
   * more room than packets have, since a client that waits for them asks whether the line stands.
   */
  private static void send(ChannelHandlerContext ctx, ByteBuf packet) {
    if (ctx.channel().isWritable() || ctx.channel().bytesBeforeWritable() < CONTROL_ROOM) {
      var _ = ctx.writeAndFlush(packet, ctx.voidPromise());
    } else {
      packet.release();
    }
  }

  private static PppEvent hungUpByTheGateway() {
    return new PppEvent.HangUp("This gateway ends the connection. Dial again.");
  }

  private static long now() {
    return System.nanoTime() / 1_000_000;
  }
}
