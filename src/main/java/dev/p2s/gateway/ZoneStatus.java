package dev.p2s.gateway;

import dev.p2s.status.Conditions;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Says whether a gateway of a zone-redundant SKU (seed, "Zone-redundant") is in two zones. */
final class ZoneStatus {

  /** True: the loss of a zone leaves replicas. */
  static final String CONDITION = "ZoneRedundant";

  private ZoneStatus() {}

  static void tell(
      Conditions conditions, ResolvedGateway gateway, List<Pod> pods, ClusterNodes nodes) {
    if (!gateway.sku().zoneRedundant() || nodes.all().isEmpty()) {
      return;
    }
    Set<String> zones = nodes.zones();
    Set<String> used =
        pods.stream()
            .map(nodes::zoneOf)
            .flatMap(Optional::stream)
            .collect(Collectors.toCollection(TreeSet::new));
    if (used.size() > 1) {
      conditions.yes(
          CONDITION, GatewayReason.SeveralZones, "replicas run in " + String.join(", ", used));
    } else if (zones.size() < 2) {
      conditions.no(
          CONDITION,
          GatewayReason.ClusterHasOneZone,
          zones.isEmpty()
              ? "no node of the cluster has the label " + Placement.ZONE
              : "the cluster has one zone, " + String.join("", zones));
    } else if (gateway.scaling().replicas() < 2) {
      conditions.no(
          CONDITION,
          GatewayReason.OneReplica,
          "one replica is in one zone; the cluster has "
              + String.join(", ", zones)
              + ": scale to 2");
    } else {
      conditions.no(
          CONDITION,
          GatewayReason.OneZoneUsed,
          (used.isEmpty() ? "no replica runs yet" : "all replicas run in " + String.join("", used))
              + ", and the cluster has "
              + String.join(", ", zones)
              + "; where the others have room, delete one of the pods");
    }
  }
}
