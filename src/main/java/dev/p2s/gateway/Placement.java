package dev.p2s.gateway;

import dev.p2s.api.v1alpha1.P2SGatewaySpec.Exposure;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.AffinityBuilder;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraintBuilder;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where a gateway's pods shall run: over zones where the SKU's row says so (seed,
 * "Zone-redundant"), over nodes always. Both are wishes that the scheduler keeps where it can: a
 * rule would hold pods back while a zone is down, and on nodes without a zone label altogether.
 * Whether it could is told by the condition of {@link ZoneStatus}.
 */
final class Placement {

  static final String ZONE = "topology.kubernetes.io/zone";
  private static final String NODE = "kubernetes.io/hostname";

  private Placement() {}

  static List<TopologySpreadConstraint> spread(ResolvedGateway gateway) {
    return Stream.of(ZONE, NODE)
        .filter(key -> gateway.sku().zoneRedundant() || !key.equals(ZONE))
        .map(
            key ->
                new TopologySpreadConstraintBuilder()
                    .withMaxSkew(1)
                    .withTopologyKey(key)
                    .withWhenUnsatisfiable("ScheduleAnyway")
                    .withNewLabelSelector()
                    .withMatchLabels(GatewayLabels.selector(gateway.name()))
                    .endLabelSelector()
                    .build())
        .toList();
  }

  /** One replica a node where a load balancer's choice of a node is the choice of a replica. */
  static Affinity affinity(ResolvedGateway gateway) {
    if (gateway.exposure().balancing() != Exposure.Balancing.SourceAddress) {
      return null;
    }
    return new AffinityBuilder()
        .withNewPodAntiAffinity()
        .addNewRequiredDuringSchedulingIgnoredDuringExecution()
        .withTopologyKey(NODE)
        .withNewLabelSelector()
        .withMatchLabels(GatewayLabels.selector(gateway.name()))
        .endLabelSelector()
        .endRequiredDuringSchedulingIgnoredDuringExecution()
        .endPodAntiAffinity()
        .build();
  }
}
