package dev.p2s.gateway.shares;

import dev.p2s.addressing.Cidr;
import dev.p2s.addressing.CidrSet;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * A gateway's client address pools and those of its policy groups, cut into blocks that can be
 * handed out: at most 256 of a pool, single addresses where it has no more than that.
 */
final class AddressBlocks {

  private static final int BLOCK_BITS = 8;

  /** Of an address's own range. */
  private static final int BITS = 32;

  /** In a set that has more, every pod has its part of what nobody uses. */
  private static final int SMALL = 4096;

  private final List<Cidr> blocks = new ArrayList<>();
  private final List<Integer> usable = new ArrayList<>();
  private final List<Integer> setOf = new ArrayList<>();
  private final int[] usableOfSet;

  /** Network, gateway and broadcast address of each pool are nobody's. */
  private final Set<Cidr> reserved = new HashSet<>();

  /** Where single addresses lie, as far as somebody has asked. */
  private final Map<Cidr, Integer> blockOf = new HashMap<>();

  /**
   * @param sets pools that serve different people; each pod needs some of every set
   * @param part what of the pools is handed out; halves of them at the smallest
   */
  AddressBlocks(List<List<Cidr>> sets, List<Cidr> part) {
    usableOfSet = new int[sets.size()];
    for (int set = 0; set < sets.size(); set++) {
      sets.get(set).forEach(pool -> cut(pool, part));
      while (setOf.size() < blocks.size()) {
        usableOfSet[set] += usable.get(setOf.size());
        setOf.add(set);
      }
    }
  }

  private void cut(Cidr pool, List<Cidr> part) {
    int bits = Math.min(BLOCK_BITS, 32 - pool.prefix());
    long size = pool.size().longValueExact() >> bits;
    for (int i = 0; i < 1 << bits; i++) {
      Cidr block = Cidr.parse(text(pool, i * size, pool.prefix() + bits));
      if (part.stream().anyMatch(range -> range.contains(block))) {
        blocks.add(block);
        usable.add((int) size - reserved(pool, block));
      }
    }
  }

  /** How many clients have room in all blocks. */
  int usable() {
    return usable.stream().mapToInt(Integer::intValue).sum();
  }

  /** How many clients have room in these. */
  int usable(BitSet set) {
    return set.stream().map(usable::get).sum();
  }

  /** How many clients have room in a set of pools. */
  int usableOf(int set) {
    return usableOfSet[set];
  }

  /** How many of these single addresses are of a set of pools. */
  int countOf(int set, Collection<Cidr> addresses) {
    return addresses.isEmpty()
        ? 0
        : (int) addresses.stream().filter(address -> setOf(address) == set).count();
  }

  /** Whether an address is in any block. */
  boolean hold(Cidr address) {
    return setOf(address) >= 0;
  }

  /** Whether an address is in one of these blocks. */
  boolean hold(BitSet set, Cidr address) {
    return blockOf(address) >= 0 && set.get(blockOf(address));
  }

  /** Which set of pools an address or a range within a pool is of; negative for none. */
  int setOf(Cidr range) {
    Cidr first = new Cidr(range.network(), BITS);
    return blockOf(first) < 0 ? -1 : setOf.get(blockOf(first));
  }

  /** The addresses of a set of pools that clients may have; none of a set that is large. */
  List<Cidr> addressesOf(int set) {
    if (set < 0 || usableOfSet[set] > SMALL) {
      return List.of();
    }
    return IntStream.range(0, blocks.size())
        .filter(i -> setOf.get(i) == set)
        .mapToObj(blocks::get)
        .flatMap(
            block ->
                IntStream.range(0, block.size().intValueExact())
                    .mapToObj(i -> new Cidr(block.address(i), BITS)))
        .filter(address -> !reserved.contains(address))
        .toList();
  }

  private int blockOf(Cidr address) {
    return blockOf.computeIfAbsent(
        address,
        wanted ->
            IntStream.range(0, blocks.size())
                .filter(i -> blocks.get(i).contains(wanted))
                .findFirst()
                .orElse(-1));
  }

  /**
   * Blocks of a source, in their order, that bring what is owned up to what is needed.
   *
   * @param needed clients that shall have room, by set
   */
  BitSet upTo(IntUnaryOperator needed, BitSet owned, BitSet source) {
    int[] room = new int[usableOfSet.length];
    owned.stream().forEach(block -> room[setOf.get(block)] += usable.get(block));
    BitSet taken = new BitSet();
    source.stream()
        .filter(block -> room[setOf.get(block)] < needed.applyAsInt(setOf.get(block)))
        .forEach(
            block -> {
              taken.set(block);
              room[setOf.get(block)] += usable.get(block);
            });
    return taken;
  }

  BitSet all() {
    BitSet all = new BitSet();
    all.set(0, blocks.size());
    return all;
  }

  /** Every block that shares an address with these ranges. */
  BitSet touchedBy(Collection<Cidr> ranges) {
    BitSet touched = new BitSet();
    for (int i = 0; i < blocks.size(); i++) {
      Cidr block = blocks.get(i);
      if (ranges.stream().anyMatch(range -> range.overlaps(block))) {
        touched.set(i);
      }
    }
    return touched;
  }

  /** Every block that lies in these ranges as a whole. */
  BitSet within(Collection<Cidr> ranges) {
    BitSet within = new BitSet();
    for (int i = 0; i < blocks.size(); i++) {
      Cidr block = blocks.get(i);
      if (ranges.stream().anyMatch(range -> range.contains(block))) {
        within.set(i);
      }
    }
    return within;
  }

  /** The fewest ranges that cover the blocks. */
  List<Cidr> ranges(BitSet set) {
    return CidrSet.merged(set.stream().mapToObj(blocks::get).toList());
  }

  private int reserved(Cidr pool, Cidr block) {
    List<Cidr> here =
        LongStream.of(0, 1, pool.size().longValueExact() - 1)
            .distinct()
            .mapToObj(offset -> new Cidr(pool.address(offset), BITS))
            .filter(block::contains)
            .toList();
    reserved.addAll(here);
    return here.size();
  }

  private static String text(Cidr pool, long offset, int prefix) {
    return pool.address(offset).getHostAddress() + "/" + prefix;
  }
}
