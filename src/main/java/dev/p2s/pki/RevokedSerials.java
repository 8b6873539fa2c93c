package dev.p2s.pki;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Collection;

/** The serial numbers of a revocation list, kept small: a list may name some fifty thousand. */
public final class RevokedSerials {

  private final BigInteger[] sorted;

  RevokedSerials(Collection<BigInteger> serials) {
    sorted = serials.stream().map(BigInteger::abs).sorted().distinct().toArray(BigInteger[]::new);
  }

  /**
   * Whether the number is listed; a sign, which some authorities set by mistake, does not count.
   */
  public boolean contains(BigInteger serial) {
    return Arrays.binarySearch(sorted, serial.abs()) >= 0;
  }

  public int size() {
    return sorted.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RevokedSerials same && Arrays.equals(sorted, same.sorted);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(sorted);
  }

  @Override
  public String toString() {
    return sorted.length + " certificates";
  }
}
