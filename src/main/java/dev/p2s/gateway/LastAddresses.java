package dev.p2s.gateway;

import dev.p2s.api.v1alpha1.TunnelType;
import dev.p2s.dataplane.AgentReport;
import dev.p2s.dataplane.Ipv6Pool;
import dev.p2s.dataplane.LastAddress;
import dev.p2s.dataplane.SessionWord;
import io.fabric8.kubernetes.api.model.Pod;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whose client may turn up at another pod of a gateway soon, and with which address: sessions that
 * were in an earlier report of a pod that leaves and are no more. Where traffic leaves with
 * clients' own addresses, those of any pod; and then IKEv2's, too, whose server gives addresses
 * away by itself, so that keeping one takes longer than getting another. Not where clients have
 * IPv6: that server may give the address beside to somebody else.
 */
final class LastAddresses {

  /** A client that was cut off has found out and dialled by then. */
  private static final Duration KEPT = Duration.ofSeconds(60);

  /** The newest of each kind; as many as the largest gateway has on two pods. */
  private static final int MOST = 1000;

  private record Ended(LastAddress last, Instant at) {}

  private record Owner(String user, String certificateSha256) {
    static Owner of(LastAddress last) {
      return new Owner(last.user(), last.certificateSha256());
    }
  }

  private static final Comparator<LastAddress> BY_ADDRESS =
      Comparator.comparing((LastAddress last) -> last.tunnelAddress().toString())
          .thenComparing(LastAddress::user);

  // the rest so that the same is the same list
  private static final Comparator<Ended> NEWEST_FIRST =
      Comparator.comparing(Ended::at).reversed().thenComparing(Ended::last, BY_ADDRESS);

  /** A gateway's sessions by id that may turn up elsewhere, as seen last, and those that ended. */
  private record Memory(Map<String, AgentReport.Session> live, Map<String, Ended> ended) {}

  private final Map<ResourceID, Memory> gateways = new ConcurrentHashMap<>();
  private final AgentStreams streams;
  private final Clock clock;

  LastAddresses(AgentStreams streams, Clock clock) {
    this.streams = streams;
    this.clock = clock;
  }

  /**
   * Tells a gateway's pods that let people in, and lets go of whoever waits for their address
   * there.
   *
   * @param reports newest by pod name
   * @param leavingPods that let nobody new in
   */
  void tell(
      ResourceID id,
      ResolvedGateway gateway,
      Map<String, AgentReport> reports,
      List<Pod> leavingPods) {
    Set<String> leaving =
        leavingPods.stream().map(pod -> pod.getMetadata().getName()).collect(Collectors.toSet());
    Instant now = clock.instant();
    boolean routed = !gateway.snat();
    boolean ikev2 = routed && Ipv6Pool.of(gateway.clientAddressPools()).isEmpty();
    streams.tell(id, leaving, known(id, routed, ikev2, reports, leaving, now), now);
    if (ikev2) {
      MovedSessions.of(reports, leaving)
          .forEach(one -> streams.end(id, one.pod(), one.session(), SessionWord.MOVED));
    }
  }

  /**
   * What is known now, the newest first: who has moved twice goes on with the address had last.
   *
   * @param routed whether traffic leaves with clients' own addresses
   * @param ikev2 whether IKEv2's clients keep theirs
   */
  List<LastAddress> known(
      ResourceID gateway,
      boolean routed,
      boolean ikev2,
      Map<String, AgentReport> reports,
      Set<String> leaving,
      Instant now) {
    Memory memory =
        gateways.computeIfAbsent(gateway, none -> new Memory(new HashMap<>(), new HashMap<>()));
    Map<String, AgentReport.Session> live = new HashMap<>();
    sessions(reports, pod -> routed || leaving.contains(pod))
        .forEach(session -> live.put(session.id(), session));
    memory.live().keySet().removeAll(live.keySet());
    memory
        .live()
        .forEach((id, gone) -> memory.ended().put(id, new Ended(LastAddress.of(gone), now)));
    memory.live().clear();
    memory.live().putAll(live);
    memory.ended().values().removeIf(ended -> ended.at().isBefore(now.minus(KEPT)));
    List<LastAddress> moving =
        ikev2 ? sessionsOfIkev2(reports, leaving::contains).toList() : List.of();
    if (moving.isEmpty() && memory.ended().isEmpty()) {
      return List.of();
    }
    Set<String> back = addresses(reports, pod -> !leaving.contains(pod));
    Stream<LastAddress> toMove =
        moving.stream()
            .filter(last -> !back.contains(last.tunnelAddress().toString()))
            .sorted(BY_ADDRESS)
            .limit(MOST);
    return Stream.concat(toMove, gone(memory, moving, ikev2, reports)).distinct().toList();
  }

  /** Who is redirected hangs up when they have the next connection. */
  private static Stream<LastAddress> sessionsOfIkev2(
      Map<String, AgentReport> reports, Predicate<String> ofPod) {
    return sessions(reports, ofPod)
        .filter(session -> session.protocol().equals(TunnelType.IKEv2.name()))
        .map(LastAddress::of);
  }

  /** Those whose sessions have ended and whose addresses nobody has. */
  private static Stream<LastAddress> gone(
      Memory memory, List<LastAddress> moving, boolean ikev2, Map<String, AgentReport> reports) {
    Set<String> used = addresses(reports, pod -> true);
    Set<Owner> stillThere = moving.stream().map(Owner::of).collect(Collectors.toSet());
    return memory.ended().values().stream()
        .sorted(NEWEST_FIRST)
        .map(Ended::last)
        .filter(last -> !used.contains(last.tunnelAddress().toString()))
        .filter(
            last ->
                last.protocol() != TunnelType.IKEv2
                    || (ikev2 && !stillThere.contains(Owner.of(last))))
        .limit(MOST);
  }

  private static Set<String> addresses(Map<String, AgentReport> reports, Predicate<String> ofPod) {
    return sessions(reports, ofPod)
        .map(AgentReport.Session::tunnelAddress)
        .collect(Collectors.toSet());
  }

  private static Stream<AgentReport.Session> sessions(
      Map<String, AgentReport> reports, Predicate<String> ofPod) {
    return reports.entrySet().stream()
        .filter(pod -> ofPod.test(pod.getKey()))
        .flatMap(pod -> pod.getValue().sessions().stream());
  }

  /** Forgets every gateway that is not among those that exist. */
  void retain(Collection<ResourceID> existing) {
    gateways.keySet().retainAll(existing);
  }
}
