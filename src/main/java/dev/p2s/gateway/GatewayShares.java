package dev.p2s.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.p2s.addressing.Cidr;
import dev.p2s.dataplane.AgentReport;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.GatewayState.Share;
import dev.p2s.dataplane.Holding;
import dev.p2s.dataplane.PolicyGroup;
import dev.p2s.gateway.shares.Replica;
import dev.p2s.gateway.shares.SharePlan;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A gateway's shares, from its newest state, its pods and what their agents report. */
final class GatewayShares {

  private GatewayShares() {}

  /** The shares to write next; those that are written where nothing is to be changed. */
  static List<Share> next(
      ResolvedGateway gateway, GatewayObservation seen, Map<String, AgentReport> reports) {
    Optional<GatewayState> state = seen.state().flatMap(GatewayShares::read);
    String hash =
        seen.state()
            .map(secret -> GatewayStatePlan.hash(GatewayStatePlan.stateBytes(secret)))
            .orElse("");
    // a pod that leaves goes on serving until another one can
    boolean othersServe = seen.pods().stream().anyMatch(GatewayStatusFactory::isReady);
    Map<Integer, Replica> pods = new TreeMap<>();
    seen.allPods()
        .forEach(
            pod ->
                Ordinal.of(pod)
                    .ifPresent(
                        ordinal ->
                            pods.put(
                                ordinal,
                                replica(
                                    pod,
                                    Optional.ofNullable(reports.get(pod.getMetadata().getName())),
                                    hash,
                                    othersServe))));
    return SharePlan.next(
        gateway.connectionLimit(),
        PolicyGroup.poolSets(gateway.clientAddressPools(), gateway.groups()).stream()
            .map(set -> set.stream().filter(Cidr::isIpv4).toList())
            .toList(),
        gateway.scaling().replicas(),
        state.map(GatewayShares::written).orElse(List.of()),
        pods);
  }

  private static Replica replica(
      Pod pod, Optional<AgentReport> report, String hash, boolean othersServe) {
    boolean leaving = othersServe && pod.getMetadata().getDeletionTimestamp() != null;
    return new Replica(
        leaving,
        report.filter(r -> r.stateHash().equals(hash)).map(AgentReport::held),
        report.stream()
            .flatMap(r -> r.sessions().stream())
            .map(session -> Cidr.parse(session.tunnelAddress()))
            .toList(),
        report.filter(AgentReport::wantsMore).isPresent());
  }

  /** Without shares the first pod has it all. */
  private static List<Share> written(GatewayState state) {
    if (!state.shares().isEmpty()) {
      return state.shares();
    }
    Holding all = new Holding(state.connectionLimit(), state.everyPool());
    return List.of(new Share(0, all, all));
  }

  private static Optional<GatewayState> read(Secret state) {
    try {
      return Optional.of(GatewayStatePlan.state(state));
    } catch (JsonProcessingException e) {
      throw new DamagedSecretException(
          "Secret "
              + state.getMetadata().getNamespace()
              + "/"
              + state.getMetadata().getName()
              + " holds no state; delete it and it is written anew");
    }
  }
}
