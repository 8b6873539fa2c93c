package dev.p2s.sstp.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Bytes that are nearly right: what a client says, with bits turned, parts cut, doubled and
 * exchanged, and lengths that lie. The same seed gives the same bytes.
 */
public final class Mutants {

  private static final int LONGEST = 600;

  private final SplittableRandom random;
  private final List<byte[]> right;

  /**
   * @param right what a well-behaved client says
   */
  public Mutants(long seed, List<byte[]> right) {
    this.random = new SplittableRandom(seed);
    this.right = right;
  }

  /** Of a client's packets, in hexadecimal digits. */
  public static Mutants of(long seed, String... digits) {
    return new Mutants(
        seed,
        Stream.of(digits).map(text -> HexFormat.of().parseHex(text.replace(" ", ""))).toList());
  }

  /** Of a client's words. */
  public static Mutants ofTexts(long seed, String... texts) {
    return new Mutants(
        seed, Stream.of(texts).map(text -> text.getBytes(StandardCharsets.UTF_8)).toList());
  }

  /** The next one. */
  public byte[] next() {
    if (random.nextInt(16) == 0) {
      return bytes(random.nextInt(LONGEST));
    }
    byte[] mutant = right.get(random.nextInt(right.size())).clone();
    for (int changes = random.nextInt(4); changes > 0; changes--) {
      mutant = changed(mutant);
    }
    return mutant;
  }

  /** A number below a bound. */
  public int below(int bound) {
    return random.nextInt(bound);
  }

  private byte[] changed(byte[] bytes) {
    if (bytes.length == 0) {
      return bytes(1 + random.nextInt(8));
    }
    int at = random.nextInt(bytes.length);
    return switch (random.nextInt(7)) {
      case 0 -> {
        bytes[at] ^= (byte) (1 << random.nextInt(8));
        yield bytes;
      }
      case 1 -> {
        bytes[at] = (byte) random.nextInt();
        yield bytes;
      }
      case 2 -> {
        // the corners of lengths and counts
        bytes[at] = new byte[] {0, 1, -1, 127, -128}[random.nextInt(5)];
        yield bytes;
      }
      case 3 -> Arrays.copyOf(bytes, at);
      case 4 -> join(bytes, bytes(random.nextInt(40)));
      case 5 -> join(bytes, Arrays.copyOfRange(bytes, at, bytes.length));
      default -> {
        byte[] other = right.get(random.nextInt(right.size()));
        yield join(
            Arrays.copyOf(bytes, at),
            Arrays.copyOfRange(other, Math.min(at, other.length), other.length));
      }
    };
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] join(byte[] one, byte[] other) {
    byte[] both = Arrays.copyOf(one, Math.min(LONGEST, one.length + other.length));
    if (both.length > one.length) {
      System.arraycopy(other, 0, both, one.length, both.length - one.length);
    }
    return both;
  }
}
