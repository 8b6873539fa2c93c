package dev.p2s.sstp.ppp;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What LCP, the network control protocols, PAP and CHAP exchange (RFC 1661, 5; 1334; 1994).
 *
 * @param code 0–255, see the constants
 * @param id 0–255; an answer bears its question's
 * @param data at most 65531 bytes
 */
public record ControlPacket(int code, int id, byte[] data) {

  public static final int CONFIGURE_REQUEST = 1;
  public static final int CONFIGURE_ACK = 2;
  public static final int CONFIGURE_NAK = 3;
  public static final int CONFIGURE_REJECT = 4;
  public static final int TERMINATE_REQUEST = 5;
  public static final int TERMINATE_ACK = 6;
  public static final int CODE_REJECT = 7;
  public static final int PROTOCOL_REJECT = 8;
  public static final int ECHO_REQUEST = 9;
  public static final int ECHO_REPLY = 10;
  public static final int DISCARD_REQUEST = 11;

  private static final int HEADER = 4;

  /** Reads one; what lies beyond its length is padding. Empty where it is none. */
  public static Optional<ControlPacket> read(byte[] payload) {
    if (payload.length < HEADER) {
      return Optional.empty();
    }
    ByteBuffer in = ByteBuffer.wrap(payload);
    int code = in.get() & 0xFF;
    int id = in.get() & 0xFF;
    int length = in.getShort() & 0xFFFF;
    if (length < HEADER || length > payload.length) {
      return Optional.empty();
    }
    byte[] data = new byte[length - HEADER];
    in.get(data);
    return Optional.of(new ControlPacket(code, id, data));
  }

  public byte[] bytes() {
    return ByteBuffer.allocate(HEADER + data.length)
        .put((byte) code)
        .put((byte) id)
        .putShort((short) (HEADER + data.length))
        .put(data)
        .array();
  }
}
