package dev.p2s.sstp.ppp;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A PPP frame without a link's flags and checksum, as SSTP carries it (RFC 1661, 2).
 *
 * @param protocol see {@link PppProtocol}
 * @param payload what that protocol says
 */
public record PppFrame(int protocol, byte[] payload) {

  /** Bytes before the payload: address and control as in HDLC, and the protocol. */
  public static final int HEADER = 4;

  /** Address (all stations) and control (unnumbered information). */
  public static final int ADDRESS_CONTROL = 0xFF03;

  /** Reads a frame, with or without its address and protocol compressed; empty for none. */
  public static Optional<PppFrame> read(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (in.remaining() >= 2 && (in.getShort(0) & 0xFFFF) == ADDRESS_CONTROL) {
      in.position(2);
    }
    if (!in.hasRemaining()) {
      return Optional.empty();
    }
    int protocol = in.get() & 0xFF;
    if ((protocol & 1) == 0) {
      if (!in.hasRemaining()) {
        return Optional.empty();
      }
      protocol = (protocol << 8) | (in.get() & 0xFF);
      if ((protocol & 1) == 0) {
        return Optional.empty();
      }
    }
    byte[] payload = new byte[in.remaining()];
    in.get(payload);
    return Optional.of(new PppFrame(protocol, payload));
  }

  /** The frame, nothing compressed. */
  public byte[] bytes() {
    return ByteBuffer.allocate(HEADER + payload.length)
        .putShort((short) ADDRESS_CONTROL)
        .putShort((short) protocol)
        .put(payload)
        .array();
  }
}
