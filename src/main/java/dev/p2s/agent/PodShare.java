package dev.p2s.agent;

import dev.p2s.addressing.Cidr;
import dev.p2s.addressing.CidrSet;
import dev.p2s.agent.session.Session;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.Holding;
import dev.p2s.dataplane.kernel.TunnelAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What this pod may use of the gateway's connections and addresses, and what it says of that to the
 * operator, which gives to others only what this one has let go of.
 */
final class PodShare {

  /** So long a client that was turned away counts as a wish for more. */
  private static final Duration WISH = Duration.ofSeconds(15);

  private final int ordinal;
  private final Clock clock;
  private Holding granted = Holding.NONE;
  private boolean leaving;
  private boolean hasSiblings;
  private boolean expectsSiblings;
  private List<String> elsewhere = List.of();
  private Instant turnedAway = Instant.MIN;

  /**
   * @param ordinal of the pod in its StatefulSet
   */
  PodShare(int ordinal, Clock clock) {
    this.ordinal = ordinal;
    this.clock = clock;
  }

  void follow(GatewayState state) {
    granted = state.holding(ordinal);
    List<Integer> others =
        state.shares().stream()
            .filter(share -> share.now().connections() > 0)
            .map(GatewayState.Share::ordinal)
            .filter(other -> other != ordinal)
            .toList();
    expectsSiblings = !others.isEmpty();
    hasSiblings = others.stream().anyMatch(state::serves);
    elsewhere =
        Stream.ofNullable(state.serving())
            .flatMap(List::stream)
            .filter(one -> others.contains(one.ordinal()))
            .map(GatewayState.Serving::address)
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

  /** Somebody found no room. */
  void turnedAway() {
    turnedAway = clock.instant();
  }

  boolean wantsMore() {
    return turnedAway.isAfter(clock.instant().minus(WISH));
  }

  /** The most that this pod can use while the state stays the same. */
  Holding held(Collection<Session> sessions) {
    List<Cidr> blocks = new ArrayList<>(holding().blocks());
    for (Session session : sessions) {
      if (!allows(session.address())) {
        blocks.add(Cidr.parse(session.address().toString()));
      }
    }
    return new Holding(Math.max(holding().connections(), sessions.size()), CidrSet.merged(blocks));
  }
}
