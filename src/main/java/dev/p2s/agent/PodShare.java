package dev.p2s.agent;

import dev.p2s.addressing.Cidr;
import dev.p2s.addressing.CidrSet;
import dev.p2s.agent.session.Session;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.Holding;
import dev.p2s.dataplane.ServingReplica;
import dev.p2s.dataplane.Share;
import dev.p2s.dataplane.SkuColumn;
import dev.p2s.dataplane.kernel.TunnelAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What this pod may use of the gateway's connections of one column and of its addresses, and what
 * it says of that to the operator, which gives to others only what this one has let go of.
 */
final class PodShare {

  /** So long a client that was turned away counts as a wish for more. */
  private static final Duration WISH = Duration.ofSeconds(15);

  private final SkuColumn column;
  private final int ordinal;
  private final Clock clock;
  private Holding granted = Holding.NONE;
  private boolean leaving;
  private boolean hasSiblings;
  private boolean expectsSiblings;
  private List<String> elsewhere = List.of();
  private Instant turnedAway = Instant.MIN;
  private final Map<Cidr, Instant> lacking = new HashMap<>();
  private Set<SkuColumn> served = Set.of();

  /**
   * @param ordinal of the pod in its StatefulSet
   */
  PodShare(SkuColumn column, int ordinal, Clock clock) {
    this.column = column;
    this.ordinal = ordinal;
    this.clock = clock;
  }

  void follow(GatewayState state) {
    granted = column.holding(state, ordinal);
    served = SkuColumn.of(state);
    List<Integer> others =
        column.shares(state).stream()
            .filter(share -> share.now().connections() > 0)
            .map(Share::ordinal)
            .filter(other -> other != ordinal)
            .toList();
    expectsSiblings = !others.isEmpty();
    hasSiblings = others.stream().anyMatch(state::serves);
    elsewhere =
        Stream.ofNullable(state.serving())
            .flatMap(List::stream)
            .filter(one -> others.contains(one.ordinal()))
            .map(ServingReplica::address)
            .filter(Objects::nonNull)
            .toList();
  }

  /** What new connections may use. */
  Holding holding() {
    return leaving && hasSiblings ? Holding.NONE : granted;
  }

  /** Whether another pod takes clients, so that it may have room where this one has none. */
  boolean hasSiblings() {
    return hasSiblings;
  }

  /** Whether another pod has a share, although it may take no clients yet. */
  boolean expectsSiblings() {
    return expectsSiblings;
  }

  /** Where clients reach other pods that take them, each at an address of its own. */
  List<String> elsewhere() {
    return elsewhere;
  }

  boolean allows(TunnelAddress address) {
    return holding().blocks().stream().anyMatch(block -> block.contains(address.address()));
  }

  /** From now on nobody new is let in where another pod can do it. */
  void leave() {
    leaving = true;
  }

  /**
   * Somebody found no room.
   *
   * @param sessions that the pod has of this column
   * @param pools that they may have an address of
   */
  void turnedAway(int sessions, List<Cidr> pools) {
    turnedAway = clock.instant();
    if (sessions < holding().connections()) {
      lacking.put(column.addresses(pools, served).getFirst(), turnedAway);
    }
  }

  boolean wantsMore() {
    return isFresh(turnedAway);
  }

  /** Of which pools somebody found no free address although there was room for a connection. */
  List<Cidr> lacks() {
    lacking.values().removeIf(since -> !isFresh(since));
    return CidrSet.sorted(List.copyOf(lacking.keySet()));
  }

  private boolean isFresh(Instant wish) {
    return wish.isAfter(clock.instant().minus(WISH));
  }

  /** The most that this pod can use while the state stays the same. */
  Holding held(Collection<Session> sessions) {
    List<Cidr> blocks = new ArrayList<>(holding().blocks());
    List<Session> counted =
        sessions.stream()
            .filter(session -> SkuColumn.of(session.seat().protocol()) == column)
            .toList();
    for (Session session : counted) {
      if (!allows(session.address())) {
        blocks.add(Cidr.parse(session.address().toString()));
      }
    }
    return new Holding(Math.max(holding().connections(), counted.size()), CidrSet.merged(blocks));
  }
}
