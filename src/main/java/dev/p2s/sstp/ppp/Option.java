package dev.p2s.sstp.ppp;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One configuration option of LCP or IPCP (RFC 1661, 5).
 *
 * @param type 0–255
 * @param value at most 253 bytes
 */
public record Option(int type, byte[] value) {

  private static final int HEADER = 2;

  static Option of16(int type, int value) {
    return new Option(type, new byte[] {(byte) (value >> 8), (byte) value});
  }

  static Option of32(int type, int value) {
    return new Option(type, ByteBuffer.allocate(4).putInt(value).array());
  }

  /** Reads a list of options; empty where it is none. */
  static Optional<List<Option>> readAll(byte[] data) {
    List<Option> options = new ArrayList<>();
    int at = 0;
    while (at < data.length) {
      int length = at + 1 < data.length ? data[at + 1] & 0xFF : 0;
      if (length < HEADER || at + length > data.length) {
        return Optional.empty();
      }
      options.add(new Option(data[at] & 0xFF, Arrays.copyOfRange(data, at + HEADER, at + length)));
      at += length;
    }
    return Optional.of(List.copyOf(options));
  }

  static byte[] writeAll(List<Option> options) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (Option option : options) {
      out.write(option.type);
      out.write(option.value.length + HEADER);
      out.writeBytes(option.value);
    }
    return out.toByteArray();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Option(int otherType, byte[] otherValue)
        && otherType == type
        && Arrays.equals(otherValue, value);
  }

  @Override
  public int hashCode() {
    return 31 * type + Arrays.hashCode(value);
  }
}
