package dev.p2s.addressing;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

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

  /** What is in some ranges and in none of others: the fewest ranges that cover it, in order. */
  public static List<Cidr> without(List<Cidr> ranges, List<Cidr> excluded) {
    List<Cidr> left = merged(ranges);
    for (Cidr out : merged(excluded)) {
      left = left.stream().flatMap(range -> without(range, out)).toList();
    }
    return merged(left);
  }

  /** What is in both: the fewest ranges that cover it, in order. */
  public static List<Cidr> common(List<Cidr> one, List<Cidr> other) {
    List<Cidr> common = new ArrayList<>();
    for (Cidr a : one) {
      for (Cidr b : other) {
        if (a.overlaps(b)) {
          common.add(a.contains(b) ? b : a);
        }
      }
    }
    return merged(common);
  }

  private static Stream<Cidr> without(Cidr range, Cidr out) {
    if (out.contains(range)) {
      return Stream.empty();
    }
    if (!range.contains(out)) {
      return Stream.of(range);
    }
    // what is left of a range are the siblings on the way up from what is cut out
    List<Cidr> siblings = new ArrayList<>();
    for (Cidr at = out; !at.equals(range); at = at.parent()) {
      siblings.add(sibling(at));
    }
    return siblings.stream();
  }

  private static Cidr sibling(Cidr cidr) {
    byte[] network = cidr.network().getAddress();
    int bit = cidr.prefix() - 1;
    network[bit / 8] ^= (byte) (0x80 >> (bit % 8));
    try {
      return new Cidr(InetAddress.getByAddress(network), cidr.prefix());
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
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
