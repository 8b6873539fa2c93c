package dev.p2s.sstp.binding;

import java.util.Optional;

/** Hashes that a crypto binding may be made with ([MS-SSTP] 2.2.6). */
public enum HashProtocol {
  SHA1(1, 20, "SHA-1", "HmacSHA1"),
  SHA256(2, 32, "SHA-256", "HmacSHA256");

  private final int bit;
  private final int bytes;
  private final String digest;
  private final String mac;

  HashProtocol(int bit, int bytes, String digest, String mac) {
    this.bit = bit;
    this.bytes = bytes;
    this.digest = digest;
    this.mac = mac;
  }

  /** Its bit in the bitmask. */
  public int bit() {
    return bit;
  }

  /** Bytes of a hash and of a MAC. */
  public int bytes() {
    return bytes;
  }

  /** Java's name of the hash. */
  public String digestName() {
    return digest;
  }

  /** Java's name of the MAC. */
  public String macName() {
    return mac;
  }

  /** The one with this bit and no other. */
  public static Optional<HashProtocol> of(int bit) {
    return switch (bit) {
      case 1 -> Optional.of(SHA1);
      case 2 -> Optional.of(SHA256);
      default -> Optional.empty();
    };
  }
}
