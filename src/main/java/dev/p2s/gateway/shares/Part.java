package dev.p2s.gateway.shares;

import dev.p2s.addressing.Cidr;
import dev.p2s.addressing.CidrSet;
import dev.p2s.dataplane.Holding;
import dev.p2s.dataplane.Share;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Stream;

/** One ordinal's share while it is planned. */
final class Part {

  private final AddressBlocks blocks;

  /** The most that the ordinal can use until it follows what is written next. */
  final Holding before;

  /** Every block of which it may use an address. */
  final BitSet mayHold;

  /** Its blocks, those in which it has lent addresses too. */
  BitSet own;

  /** Single addresses of other ordinals' blocks that its clients brought along. */
  List<Cidr> guests;

  /** Single addresses of its blocks that somebody took along, or that wait to be taken. */
  List<Cidr> lent;

  int connections;
  int wished;

  Part(AddressBlocks blocks, Share written, Holding before) {
    this.blocks = blocks;
    this.before = before;
    this.mayHold = blocks.touchedBy(before.blocks());
    this.own = blocks.within(inBlocks(written));
    this.guests = written.guests();
    this.lent = written.lent();
    this.connections = Math.min(written.now().connections(), usable());
  }

  /** The blocks of a share, as if nobody had taken an address along. */
  static List<Cidr> inBlocks(Share share) {
    if (share.guests().isEmpty() && share.lent().isEmpty()) {
      return share.now().blocks();
    }
    return exchanged(share.now().blocks(), share.guests(), share.lent());
  }

  private static List<Cidr> exchanged(List<Cidr> ranges, List<Cidr> out, List<Cidr> in) {
    return CidrSet.merged(
        Stream.concat(CidrSet.without(ranges, out).stream(), in.stream()).toList());
  }

  /** For how many clients it has an address. */
  int usable() {
    return blocks.usable(own) - lentNow().size() + guestsNow().size();
  }

  /** How many of a set's addresses it needs in its blocks, where so many shall have room. */
  int neededInBlocks(int set, int clients) {
    return clients + blocks.countOf(set, lentNow()) - blocks.countOf(set, guestsNow());
  }

  /** What is in its blocks is no guest. */
  private List<Cidr> guestsNow() {
    return guests.stream().filter(address -> !owns(address)).toList();
  }

  private List<Cidr> lentNow() {
    return lent.stream().filter(this::owns).toList();
  }

  /** Every block of which nobody else can have more than it has. */
  BitSet touched() {
    BitSet touched = blocks.touchedBy(guests);
    touched.or(mayHold);
    touched.or(own);
    return touched;
  }

  /** Whether an address is of one of its blocks. */
  boolean owns(Cidr address) {
    return blocks.hold(own, address);
  }

  boolean mayHold(Cidr address) {
    return before.blocks().stream().anyMatch(block -> block.contains(address));
  }

  /** The share to write. */
  Share share(int ordinal) {
    List<Cidr> brought = guestsNow();
    List<Cidr> away = lentNow();
    List<Cidr> ranges = blocks.ranges(own);
    if (!brought.isEmpty() || !away.isEmpty()) {
      ranges = exchanged(ranges, away, brought);
    }
    return new Share(ordinal, new Holding(connections, ranges), before, brought, away);
  }
}
