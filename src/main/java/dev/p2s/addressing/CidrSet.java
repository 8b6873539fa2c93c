package dev.p2s.addressing;

import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/** Ranges as a set of addresses: the fewest ranges that cover the same addresses, in order. */
public final class CidrSet {

  private static final Comparator<Cidr> ORDER =
      Comparator.comparing(Cidr::isIpv4)
          .reversed()
          .thenComparing(cidr -> new BigInteger(1, cidr.network().getAddress()))
          .thenComparing(Cidr::prefix);

  private CidrSet() {}

  /** Each range once, in order: the same ranges written in any order are the same list. */
  public static List<Cidr> sorted(List<Cidr> ranges) {
    return ranges.stream().distinct().sorted(ORDER).toList();
  }

  /** Merges neighbours and drops ranges that another one contains. */
  public static List<Cidr> merged(List<Cidr> ranges) {
    TreeSet<Cidr> sorted = new TreeSet<>(ORDER);
    sorted.addAll(ranges);
    ArrayDeque<Cidr> out = new ArrayDeque<>();
    for (Cidr next : sorted) {
      if (!out.isEmpty() && out.peekLast().contains(next)) {
        continue;
      }
      Cidr merged = next;
      while (!out.isEmpty() && areSiblings(out.peekLast(), merged)) {
        Cidr lower = out.removeLast();
        merged = new Cidr(lower.network(), lower.prefix() - 1);
      }
      out.addLast(merged);
    }
    return List.copyOf(out);
  }

  private static boolean areSiblings(Cidr lower, Cidr upper) {
    if (lower.prefix() == 0
        || lower.prefix() != upper.prefix()
        || lower.isIpv4() != upper.isIpv4()
        || lower.equals(upper)) {
      return false;
    }
    Cidr parent = lower.parent();
    return parent.equals(upper.parent()) && parent.network().equals(lower.network());
  }
}
