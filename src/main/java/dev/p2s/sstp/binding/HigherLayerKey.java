package dev.p2s.sstp.binding;

import java.util.Arrays;

/**
 * The key that both ends have from PPP authentication ("HLAK", [MS-SSTP] 3.2.5.2.2). Never printed.
 */
public final class HigherLayerKey {

  /** Of authentications that make no key, such as PAP. */
  public static final HigherLayerKey NONE = new HigherLayerKey(new byte[32]);

  private static final int BYTES = 32;

  private final byte[] bytes;

  private HigherLayerKey(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * @param bytes 32 bytes, as {@link #bytes} has given them
   */
  public static HigherLayerKey of(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("a higher-layer key has 32 bytes, not " + bytes.length);
    }
    return new HigherLayerKey(bytes.clone());
  }

  /**
   * The key of an authentication that has made MPPE keys (RFC 2548, 3079): the first 32 bytes of
   * both, so the second counts only where the first is shorter ([MS-SSTP] 3.2.5.2.4). MSCHAPv2's
   * have 16 bytes each, EAP-TLS' 32.
   *
   * @param receive the server's MS-MPPE-Recv-Key; of an EAP-TLS MSK the first 32 bytes (RFC 5216)
   * @param send the server's MS-MPPE-Send-Key; of an MSK the next 32
   */
  public static HigherLayerKey ofMppe(byte[] receive, byte[] send) {
    if (receive.length + send.length < BYTES) {
      throw new IllegalArgumentException("two MPPE keys have at least 32 bytes");
    }
    byte[] both = Arrays.copyOf(receive, receive.length + send.length);
    System.arraycopy(send, 0, both, receive.length, send.length);
    return new HigherLayerKey(Arrays.copyOf(both, BYTES));
  }

  /** The 32 bytes. */
  public byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HigherLayerKey key && Arrays.equals(bytes, key.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "a higher-layer key";
  }
}
