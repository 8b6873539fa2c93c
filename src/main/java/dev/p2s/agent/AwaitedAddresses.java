package dev.p2s.agent;

import dev.p2s.addressing.Cidr;
import dev.p2s.agent.session.Credential;
import dev.p2s.agent.session.Session.Seat;
import dev.p2s.api.v1alpha1.TunnelType;
import dev.p2s.dataplane.ClientAddress;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.LastAddress;
import dev.p2s.dataplane.kernel.TunnelAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jboss.logging.Logger;

/**
 * Addresses that people had at another pod. Whoever arrives here with one waits a moment, until the
 * operator has brought it into this pod's share; who has waited in vain gets another. On the
 * agent's loop only.
 */
final class AwaitedAddresses {

  private static final Logger LOG = Logger.getLogger(AwaitedAddresses.class);

  /** Longer than two writes of the state take; whoever waits for longer gains nothing. */
  private static final Duration PATIENCE = Duration.ofMillis(1500);

  /** Where traffic leaves with clients' own addresses, another one ends what is open inside. */
  private static final Duration PATIENCE_OF_ROUTED = Duration.ofSeconds(5);

  /** What an operator said that has gone since is worth nothing: nobody would bring an address. */
  private static final Duration KNOWN_FOR = Duration.ofMinutes(2);

  private record Waiting(TunnelAddress address, Consumer<Optional<TunnelAddress>> then) {}

  private final Map<Object, Waiting> waiting = new LinkedHashMap<>();
  private final BiConsumer<Duration, Runnable> later;
  private final Clock clock;

  private List<LastAddress> known = List.of();
  private Instant told = Instant.MIN;
  private boolean routed;

  /**
   * @param later runs something on the agent's loop after a time
   */
  AwaitedAddresses(BiConsumer<Duration, Runnable> later, Clock clock) {
    this.later = later;
    this.clock = clock;
  }

  /** From now on these are known, and no others. */
  void follow(List<LastAddress> addresses) {
    known = addresses;
    told = clock.instant();
  }

  /**
   * What somebody had elsewhere and may want to go on with.
   *
   * @param free whether nobody of this pod has an address
   */
  Optional<TunnelAddress> of(
      Credential credential, Arrival arrival, Predicate<TunnelAddress> free) {
    String host = ClientAddress.host(arrival.clientAddress());
    return of(credential, arrival.seat().protocol(), host, free);
  }

  /**
   * The same.
   *
   * @param host where they come from, numeric, without the port; empty where that is not known
   */
  Optional<TunnelAddress> of(
      Credential credential, TunnelType protocol, String host, Predicate<TunnelAddress> free) {
    if (known.isEmpty() || clock.instant().isAfter(told.plus(KNOWN_FOR))) {
      return Optional.empty();
    }
    List<LastAddress> theirs =
        known.stream()
            .filter(last -> last.protocol() == protocol)
            .filter(last -> last.certificateSha256().equals(credential.thumbprint()))
            .filter(last -> last.user().equals(credential.user()))
            .sorted(Comparator.comparing(last -> !last.clientHost().equals(host)))
            .toList();
    // IKEv2's address is taken from whoever has it at a pod that leaves
    if ((!routed || protocol == TunnelType.IKEv2) && areOfSeveral(theirs, host)) {
      return Optional.empty();
    }
    return theirs.stream()
        .map(LastAddress::tunnelAddress)
        .filter(free)
        .filter(address -> waiting.values().stream().noneMatch(w -> w.address().equals(address)))
        .findFirst();
  }

  /**
   * Whether machines with one certificate came from one address, so that nobody can tell which of
   * them arrives: most would wait for another one's address, which is of no use to them.
   */
  private static boolean areOfSeveral(List<LastAddress> theirs, String host) {
    List<LastAddress> ofTheirHost =
        theirs.stream().filter(last -> last.clientHost().equals(host)).toList();
    return (ofTheirHost.isEmpty() ? theirs : ofTheirHost)
            .stream().map(LastAddress::tunnelAddress).distinct().count()
        > 1;
  }

  /**
   * Somebody waits.
   *
   * @param who by whom they are known until then: their seat, where they have one
   * @param then called with the address once the pod may use it, or with nothing
   */
  void await(Object who, TunnelAddress address, Consumer<Optional<TunnelAddress>> then) {
    Waiting waits = new Waiting(address, then);
    waiting.put(who, waits);
    later.accept(
        routed ? PATIENCE_OF_ROUTED : PATIENCE,
        () -> {
          if (waiting.remove(who, waits)) {
            LOG.infof("%s stays elsewhere; its client gets another address", address);
            then.accept(Optional.empty());
          }
        });
  }

  /**
   * Lets everybody go on whose address the pod may use by a state.
   *
   * @param allowed whether it may use an address
   */
  void follow(GatewayState state, Predicate<TunnelAddress> allowed) {
    routed = !state.snat();
    for (Map.Entry<Object, Waiting> entry : List.copyOf(waiting.entrySet())) {
      TunnelAddress address = entry.getValue().address();
      if (allowed.test(address)) {
        waiting.remove(entry.getKey());
        entry.getValue().then().accept(Optional.of(address));
      }
    }
  }

  /** Whoever waited there has hung up. */
  void forget(Seat seat) {
    waiting.remove(seat);
  }

  /** What the operator is asked for. */
  List<Cidr> claims() {
    return waiting.values().stream().map(waits -> waits.address().alone()).toList();
  }
}
