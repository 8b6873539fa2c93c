package dev.p2s.sstp.control;

/**
 * The four bytes before every SSTP packet ([MS-SSTP] 2.2.1): version 1.0, whether it is a control
 * packet, and the length of the whole packet.
 *
 * @param control whether it is a control packet; else PPP data
 * @param length bytes of the packet, header included, 4–4095
 */
public record SstpHeader(boolean control, int length) {

  /** Bytes of the header itself. */
  public static final int BYTES = 4;

  /** The longest packet: the length has twelve bits. */
  public static final int LONGEST = 0xFFF;

  private static final int VERSION = 0x10;

  /**
   * Reads the four bytes as one number.
   *
   * @throws MalformedPacketException where it is another version or shorter than itself
   */
  public static SstpHeader of(int word) throws MalformedPacketException {
    int length = word & LONGEST;
    if (word >>> 24 != VERSION || length < BYTES) {
      throw new MalformedPacketException(Status.INVALID_FRAME_RECEIVED, 0);
    }
    return new SstpHeader((word & 0x0001_0000) != 0, length);
  }

  /** The four bytes as one number. */
  public int word() {
    return VERSION << 24 | (control ? 0x0001_0000 : 0) | length;
  }
}
