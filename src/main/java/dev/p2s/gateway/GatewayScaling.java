package dev.p2s.gateway;

import dev.p2s.api.v1alpha1.P2SGatewaySpec;
import dev.p2s.api.v1alpha1.P2SGatewaySpec.Exposure.Balancing;
import dev.p2s.api.v1alpha1.ScalingSpec;
import dev.p2s.api.v1alpha1.TunnelType;
import dev.p2s.catalog.GatewaySku;
import dev.p2s.dataplane.SkuColumn;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * How many pods serve a gateway, and how long one that leaves may take.
 *
 * @param replicas gateway pods now, 0–100; people and autoscalers write it through the scale
 *     subresource, the operator never does
 * @param autoscaling between which bounds an autoscaler moves it; empty where none is asked for
 * @param drainTimeout how long a pod that leaves may see its clients off, 30 s to an hour
 */
public record GatewayScaling(
    int replicas, Optional<Autoscaling> autoscaling, Duration drainTimeout) {

  private static final int DRAIN_SECONDS = 300;

  /** People come back after a lunch break; a pod that leaves moves its clients. */
  private static final int CALM_SECONDS = 300;

  /**
   * What an autoscaler keeps to.
   *
   * @param minReplicas at least so many pods, from 1
   * @param maxReplicas at most so many pods
   * @param connectionsPerReplica above this average another pod is added
   * @param scaleDownDelay for how long fewer pods must have sufficed before one leaves, 0–3600 s
   */
  public record Autoscaling(
      int minReplicas, int maxReplicas, int connectionsPerReplica, Duration scaleDownDelay) {}

  /** What a spec says of it; one pod where it says nothing. */
  static ScalingSpec asked(P2SGatewaySpec spec) {
    return Objects.requireNonNullElse(
        spec.scaling(), new ScalingSpec(1, null, null, null, null, null));
  }

  /** One pod, until somebody says otherwise. */
  public static GatewayScaling of(P2SGatewaySpec spec, GatewaySku sku) {
    ScalingSpec asked = asked(spec);
    return new GatewayScaling(
        Objects.requireNonNullElse(asked.replicas(), 1),
        Optional.ofNullable(asked.maxReplicas())
            .map(
                max ->
                    new Autoscaling(
                        Objects.requireNonNullElse(asked.minReplicas(), 1),
                        max,
                        Objects.requireNonNullElse(
                            asked.targetConnectionsPerReplica(),
                            evenly(sku, GatewayRules.tunnels(spec), max)),
                        Duration.ofSeconds(
                            Objects.requireNonNullElse(
                                asked.scaleDownDelaySeconds(), CALM_SECONDS)))),
        Duration.ofSeconds(Objects.requireNonNullElse(asked.drainTimeoutSeconds(), DRAIN_SECONDS)));
  }

  /**
   * Whether a pod more than the spec asks for can serve beside them: not where each needs a node of
   * its own, nor where a client's two ports have to reach the same pod.
   */
  static boolean mayAdd(ResolvedGateway gateway) {
    return mayMove(gateway) && gateway.exposure().balancing() != Balancing.SourceAddress;
  }

  /**
   * Whether a pod on another node can serve in a pod's place: not where clients dial the node, nor
   * where a client's two ports may reach the one and the other meanwhile.
   */
  static boolean mayMove(ResolvedGateway gateway) {
    return gateway.exposure().type() != P2SGatewaySpec.Exposure.Type.HostPort
        && (!gateway.tunnelTypes().contains(TunnelType.IKEv2)
            || gateway.exposure().balancing() != Balancing.Connection);
  }

  // a full gateway runs all its pods
  private static int evenly(GatewaySku sku, Set<TunnelType> tunnels, int pods) {
    int connections = 0;
    for (SkuColumn column : SkuColumn.of(tunnels)) {
      connections += column == SkuColumn.SSTP ? sku.maxSstpConnections() : sku.maxConnections();
    }
    return Math.max(1, Math.ceilDiv(connections, pods));
  }
}
