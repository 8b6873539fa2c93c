package dev.p2s.sstp.ppp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Packets that need no state beyond the link's negotiated options (RFC 1661, 5.5–5.8). */
final class PppReplies {

  private final LcpPolicy lcp;

  PppReplies(LcpPolicy lcp) {
    this.lcp = lcp;
  }

  static List<PppAction> say(int protocol, List<ControlPacket> packets) {
    return packets.stream()
        .<PppAction>map(packet -> new PppAction.Send(new PppFrame(protocol, packet.bytes())))
        .toList();
  }

  static PppAction terminate(String why) {
    ControlPacket packet =
        new ControlPacket(
            ControlPacket.TERMINATE_REQUEST, 0xFF, why.getBytes(StandardCharsets.UTF_8));
    return new PppAction.Send(new PppFrame(PppProtocol.LCP, packet.bytes()));
  }

  /** The same data with this side's magic number in place of the asker's. */
  List<PppAction> echo(PppLink link, ControlPacket question) {
    if (!link.lcp().isOpen() || question.data().length < 4) {
      return List.of();
    }
    byte[] data = question.data().clone();
    ByteBuffer.wrap(data).putInt(link.asked(LcpPolicy.MAGIC) == null ? 0 : lcp.magic());
    return say(
        PppProtocol.LCP, List.of(new ControlPacket(ControlPacket.ECHO_REPLY, question.id(), data)));
  }

  PppAction protocolReject(PppLink link, PppFrame frame) {
    byte[] data =
        ByteBuffer.allocate(2 + frame.payload().length)
            .putShort((short) frame.protocol())
            .put(frame.payload())
            .array();
    return reject(link, PppProtocol.LCP, ControlPacket.PROTOCOL_REJECT, data);
  }

  PppAction codeReject(PppLink link, int protocol, ControlPacket packet) {
    return reject(link, protocol, ControlPacket.CODE_REJECT, packet.bytes());
  }

  private PppAction reject(PppLink link, int protocol, int code, byte[] data) {
    byte[] fitting = Arrays.copyOf(data, Math.min(data.length, lcp.mru() - PppFrame.HEADER));
    return new PppAction.Send(
        new PppFrame(
            protocol, new ControlPacket(code, link.question() + 1 & 0xFF, fitting).bytes()));
  }
}
