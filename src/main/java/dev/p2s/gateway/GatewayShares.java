package dev.p2s.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.p2s.addressing.Cidr;
import dev.p2s.api.v1alpha1.TunnelType;
import dev.p2s.dataplane.AgentReport;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.Holding;
import dev.p2s.dataplane.PolicyGroup;
import dev.p2s.dataplane.Sha256;
import dev.p2s.dataplane.Share;
import dev.p2s.dataplane.SkuColumn;
import dev.p2s.gateway.shares.Replica;
import dev.p2s.gateway.shares.SharePlan;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * A gateway's shares of each column of connections, from its newest state, its pods and what their
 * agents report.
 */
final class GatewayShares {

  private GatewayShares() {}

  /**
   * The shares to write next; those that are written where nothing is to be changed. Columns that
   * the gateway does not serve have none.
   */
  static Map<SkuColumn, List<Share>> next(
      ResolvedGateway gateway, GatewayObservation seen, Map<String, AgentReport> reports) {
    Map<SkuColumn, List<Share>> next = new EnumMap<>(SkuColumn.class);
    for (SkuColumn column : gateway.columns()) {
      next.put(column, next(column, gateway, seen, reports));
    }
    return next;
  }

  private static List<Share> next(
      SkuColumn column,
      ResolvedGateway gateway,
      GatewayObservation seen,
      Map<String, AgentReport> reports) {
    Optional<GatewayState> state = seen.state().flatMap(GatewayShares::read);
    String hash =
        seen.state().map(secret -> Sha256.hex(GatewayStatePlan.stateBytes(secret))).orElse("");
    List<List<Cidr>> pools =
        PolicyGroup.poolSets(gateway.clientAddressPools(), gateway.groups()).stream()
            .map(set -> set.stream().filter(Cidr::isIpv4).toList())
            .toList();
    List<Cidr> part =
        column.addresses(pools.stream().flatMap(List::stream).toList(), gateway.columns());
    Predicate<Cidr> isOfColumn = range -> part.stream().anyMatch(all -> all.contains(range));
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
                                    column,
                                    pod,
                                    Optional.ofNullable(reports.get(pod.getMetadata().getName())),
                                    hash,
                                    othersServe,
                                    isOfColumn))));
    return SharePlan.next(
        gateway.connectionLimit(column),
        pools,
        part,
        gateway.scaling().replicas(),
        state.map(found -> written(found, column)).orElse(List.of()),
        pods);
  }

  private static Replica replica(
      SkuColumn column,
      Pod pod,
      Optional<AgentReport> report,
      String hash,
      boolean othersServe,
      Predicate<Cidr> isOfColumn) {
    boolean leaving = othersServe && pod.getMetadata().getDeletionTimestamp() != null;
    return new Replica(
        leaving,
        report.filter(r -> r.stateHash().equals(hash)).flatMap(r -> held(r, column)),
        report.stream()
            .flatMap(r -> r.sessions().stream())
            .filter(session -> SkuColumn.of(TunnelType.valueOf(session.protocol())) == column)
            .map(session -> Cidr.parse(session.tunnelAddress()))
            .toList(),
        report.filter(r -> wantsMore(r, column)).isPresent(),
        report.stream().flatMap(r -> r.claims().stream()).filter(isOfColumn).toList(),
        report.stream().flatMap(r -> r.lacks().stream()).filter(isOfColumn).toList());
  }

  private static Optional<Holding> held(AgentReport report, SkuColumn column) {
    return switch (column) {
      case IKEV2_OPENVPN -> Optional.ofNullable(report.held());
      case SSTP -> Optional.ofNullable(report.sstp()).map(AgentReport.Use::held);
    };
  }

  private static boolean wantsMore(AgentReport report, SkuColumn column) {
    return switch (column) {
      case IKEV2_OPENVPN -> report.wantsMore();
      case SSTP -> report.sstp() != null && report.sstp().wantsMore();
    };
  }

  /** Without shares the first pod has it all. */
  private static List<Share> written(GatewayState state, SkuColumn column) {
    if (!column.shares(state).isEmpty()) {
      return column.shares(state);
    }
    Holding all = column.holding(state, 0);
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
