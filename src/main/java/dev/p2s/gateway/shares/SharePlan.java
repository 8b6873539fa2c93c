package dev.p2s.gateway.shares;

import dev.p2s.addressing.Cidr;
import dev.p2s.addressing.CidrSet;
import dev.p2s.dataplane.Holding;
import dev.p2s.dataplane.Share;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Who may use how much of a gateway's connections and addresses: first somebody lets go and says
 * so, then somebody else gets it, so that the shares of all pods together never exceed what there
 * is, whatever agent is cut off. A function of what was written last and what the agents say.
 */
public final class SharePlan {

  private final AddressBlocks blocks;
  private final int capacity;
  private final List<Integer> serving;
  private final SortedSet<Integer> known = new TreeSet<>();
  private final Map<Integer, Replica> pods;
  private final Map<Integer, Part> parts = new TreeMap<>();

  private SharePlan(
      int connectionLimit,
      List<List<Cidr>> pools,
      List<Cidr> part,
      int replicas,
      List<Share> written,
      Map<Integer, Replica> pods) {
    this.blocks = new AddressBlocks(pools, part);
    this.capacity = Math.min(connectionLimit, blocks.usable());
    this.pods = pods;
    List<Integer> staying =
        IntStream.range(0, replicas)
            .filter(i -> !pods.containsKey(i) || !pods.get(i).leaving())
            .boxed()
            .toList();
    this.serving = staying.isEmpty() ? IntStream.range(0, replicas).boxed().toList() : staying;
    known.addAll(serving);
    known.addAll(pods.keySet());
    written.forEach(share -> known.add(share.ordinal()));
    known.forEach(ordinal -> parts.put(ordinal, part(ordinal, replicas, written)));
  }

  /**
   * The shares to write; equal to {@code written} where nothing is to be changed, and none where
   * there is one pod only, which then has it all.
   *
   * @param connectionLimit of the gateway
   * @param pools of the gateway, then of each policy group that has its own; IPv4
   * @param part what of them these connections may have
   * @param replicas how many ordinals shall serve
   * @param written the shares that the newest state holds
   * @param pods what is known of the pods that exist; an ordinal without an entry has no pod
   */
  public static List<Share> next(
      int connectionLimit,
      List<List<Cidr>> pools,
      List<Cidr> part,
      int replicas,
      List<Share> written,
      Map<Integer, Replica> pods) {
    return new SharePlan(connectionLimit, pools, part, replicas, written, pods).shares(written);
  }

  /** The same where the connections may have all of the pools. */
  static List<Share> next(
      int connectionLimit,
      List<List<Cidr>> pools,
      int replicas,
      List<Share> written,
      Map<Integer, Replica> pods) {
    List<Cidr> all = pools.stream().flatMap(List::stream).toList();
    return next(connectionLimit, pools, all, replicas, written, pods);
  }

  private Part part(int ordinal, int replicas, List<Share> written) {
    Share last =
        written.stream()
            .filter(share -> share.ordinal() == ordinal)
            .findFirst()
            .orElse(new Share(ordinal, Holding.NONE, Holding.NONE));
    return new Part(blocks, last, mayHold(last, pods.get(ordinal), ordinal < replicas));
  }

  /** The most that an ordinal can use until it follows what is written next. */
  private static Holding mayHold(Share last, Replica pod, boolean wanted) {
    if (pod == null) {
      // Whoever comes in this place next begins with what is written.
      return wanted ? last.now() : Holding.NONE;
    }
    return pod.held().orElseGet(() -> union(last.now(), last.before()));
  }

  private static Holding union(Holding one, Holding other) {
    List<Cidr> both = new ArrayList<>(one.blocks());
    both.addAll(other.blocks());
    return new Holding(Math.max(one.connections(), other.connections()), CidrSet.merged(both));
  }

  private List<Share> shares(List<Share> written) {
    if (known.equals(new TreeSet<>(List.of(0))) && serving.equals(List.of(0))) {
      return List.of();
    }
    boolean anew = shapeChanged(written) || needsBalance();
    boolean moved = AddressHandover.settle(blocks, parts, pods, serving, anew);
    parts.values().forEach(part -> part.connections = Math.min(part.connections, part.usable()));
    if (!anew && !moved && spare() <= 0 && !lacksAddresses()) {
      return written;
    }
    wish();
    if (anew) {
      parts.forEach(this::shrink);
    }
    grow();
    List<Share> next = new ArrayList<>();
    for (int ordinal : known) {
      Part part = parts.get(ordinal);
      boolean nothing = part.connections == 0 && part.before.equals(Holding.NONE);
      if (serving.contains(ordinal) || !nothing) {
        next.add(part.share(ordinal));
      }
    }
    return sameShares(next, written) ? written : List.copyOf(next);
  }

  /** Whether what is written is for other pods, pools or another limit than there are now. */
  private boolean shapeChanged(List<Share> written) {
    boolean strangers =
        written.stream()
            .anyMatch(share -> !serving.contains(share.ordinal()) && hasAny(share.now()));
    Set<Integer> named = written.stream().map(Share::ordinal).collect(Collectors.toSet());
    int handedOut = written.stream().mapToInt(share -> share.now().connections()).sum();
    return strangers
        || !named.containsAll(serving)
        || handedOut > capacity
        || written.stream().anyMatch(this::isOfOtherPools);
  }

  private static boolean hasAny(Holding holding) {
    return !holding.equals(Holding.NONE);
  }

  private boolean isOfOtherPools(Share share) {
    Part asWritten = parts.get(share.ordinal());
    return !blocks.ranges(asWritten.own).equals(Part.inBlocks(share))
        || share.now().connections() > asWritten.usable();
  }

  /** Whether a pod has little room left and another one much. */
  private boolean needsBalance() {
    List<Integer> heard = serving.stream().filter(ordinal -> !isSilent(ordinal)).toList();
    int most = heard.stream().mapToInt(this::room).max().orElse(0);
    int little = Math.clamp(capacity / (8L * Math.max(1, serving.size())), 1, 8);
    return heard.stream()
        .anyMatch(
            ordinal ->
                (room(ordinal) <= little && most >= 2 * (room(ordinal) + 1))
                    || (wantsMore(ordinal) && room(ordinal) <= 0 && othersDoNotWant(most)));
  }

  private boolean othersDoNotWant(int most) {
    return most > 0
        && serving.stream()
            .anyMatch(other -> !isSilent(other) && room(other) == most && !wantsMore(other));
  }

  private boolean wantsMore(int ordinal) {
    return pods.containsKey(ordinal) && pods.get(ordinal).wantsMore();
  }

  private int room(int ordinal) {
    return parts.get(ordinal).connections - live(ordinal);
  }

  /** A pod that is cut off is taken to use all that it has: it keeps it, and gets no more. */
  private boolean isSilent(int ordinal) {
    Part part = parts.get(ordinal);
    return pods.containsKey(ordinal)
        && !pods.get(ordinal).isHeard()
        && Math.max(part.connections, part.before.connections()) > 0;
  }

  private int live(int ordinal) {
    if (isSilent(ordinal)) {
      return parts.get(ordinal).connections;
    }
    return pods.containsKey(ordinal) ? pods.get(ordinal).live() : 0;
  }

  /** What is free is divided equally; who wants more gets the remainder. */
  private void wish() {
    int elsewhere = known.stream().filter(i -> !serving.contains(i)).mapToInt(this::live).sum();
    int free = capacity - elsewhere - serving.stream().mapToInt(this::live).sum();
    List<Integer> heard = serving.stream().filter(ordinal -> !isSilent(ordinal)).toList();
    int each = heard.isEmpty() ? 0 : Math.max(0, free) / heard.size();
    int rest = heard.isEmpty() ? 0 : Math.max(0, free) % heard.size();
    serving.forEach(ordinal -> parts.get(ordinal).wished = live(ordinal));
    List<Integer> order =
        heard.stream()
            .sorted(
                Comparator.comparing((Integer i) -> !wantsMore(i))
                    .thenComparing(this::room)
                    .thenComparing(Comparator.naturalOrder()))
            .toList();
    for (int ordinal : order) {
      parts.get(ordinal).wished = live(ordinal) + each + (rest-- > 0 ? 1 : 0);
    }
  }

  private void shrink(int ordinal, Part part) {
    int wished = serving.contains(ordinal) ? part.wished : 0;
    if (part.connections <= wished) {
      return;
    }
    part.connections = wished;
    BitSet used =
        blocks.touchedBy(pods.containsKey(ordinal) ? pods.get(ordinal).addresses() : List.of());
    BitSet idle = (BitSet) part.own.clone();
    idle.andNot(used);
    used.and(part.own);
    BitSet keep = blocks.upTo(set -> part.connections, new BitSet(), used);
    keep.or(blocks.upTo(set -> needed(part, set, part.connections), keep, idle));
    part.own = keep;
  }

  /** Addresses of a set of pools that go with so many connections: their part of the set. */
  private int needed(Part part, int set, int connections) {
    long clients =
        Math.min(connections, Math.ceilDiv((long) blocks.usableOf(set) * connections, capacity));
    return part.neededInBlocks(set, (int) clients);
  }

  /** Whether nobody has addresses that somebody should have: those of a pool that is new. */
  private boolean lacksAddresses() {
    BitSet free = free();
    return serving.stream()
        .map(parts::get)
        .anyMatch(
            part ->
                !blocks.upTo(set -> needed(part, set, part.connections), part.own, free).isEmpty());
  }

  private BitSet free() {
    BitSet free = blocks.all();
    parts.values().forEach(part -> free.andNot(part.touched()));
    return free;
  }

  /** What nobody can hold any more. */
  private int spare() {
    return capacity
        - parts.values().stream()
            .mapToInt(part -> Math.max(part.connections, part.before.connections()))
            .sum();
  }

  private void grow() {
    BitSet free = free();
    int spare = spare();
    List<Integer> neediest =
        serving.stream()
            .sorted(Comparator.comparing((Integer i) -> !wantsMore(i)).thenComparing(this::room))
            .toList();
    for (int ordinal : neediest) {
      Part part = parts.get(ordinal);
      int held = Math.max(part.connections, part.before.connections());
      // What it may hold still counts as its own, so up to that nothing is spent.
      int target = Math.max(part.connections, Math.min(part.wished, held + Math.max(0, spare)));
      BitSet still = (BitSet) part.mayHold.clone();
      still.andNot(part.own);
      still.andNot(othersMayHold(ordinal));
      for (BitSet source : List.of(still, free)) {
        BitSet taken = blocks.upTo(set -> needed(part, set, target), part.own, source);
        part.own.or(taken);
        free.andNot(taken);
      }
      int reached = Math.min(target, part.usable());
      spare -= Math.max(0, reached - held);
      part.connections = Math.max(part.connections, reached);
    }
  }

  private BitSet othersMayHold(int ordinal) {
    BitSet others = new BitSet();
    parts.forEach(
        (other, part) -> {
          if (other != ordinal) {
            others.or(part.touched());
          }
        });
    return others;
  }

  /** Whether nothing but what pods could hold before would change: that alone is not written. */
  private static boolean sameShares(List<Share> next, List<Share> written) {
    return withoutBefore(next).equals(withoutBefore(written));
  }

  private static List<Share> withoutBefore(List<Share> shares) {
    return shares.stream()
        .map(
            share ->
                new Share(share.ordinal(), share.now(), Holding.NONE, share.guests(), share.lent()))
        .toList();
  }
}
