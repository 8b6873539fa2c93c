package dev.p2s.gateway;

import dev.p2s.api.v1alpha1.P2SGatewaySpec;
import dev.p2s.api.v1alpha1.P2SGatewaySpec.Exposure;
import dev.p2s.api.v1alpha1.ScalingSpec;
import dev.p2s.api.v1alpha1.TunnelType;
import java.util.Set;

/**
 * Which exposures go with several replicas. UDP 500 and 4500 of one IKEv2 client have to reach the
 * same replica, and a Service's affinity is per port.
 */
final class ReplicaRules {

  private ReplicaRules() {}

  static void check(P2SGatewaySpec spec, ResolvedGateway.Access access, Set<TunnelType> tunnels)
      throws GatewayRefused {
    switch (access.balancing()) {
      case Connection -> {}
      case SourceAddress -> sourceAddress(access);
      case PerReplica -> perReplica(spec, access);
    }
    if (tunnels.contains(TunnelType.IKEv2) && !keepsClientsTogether(spec, access)) {
      ScalingSpec scaling = GatewayScaling.asked(spec);
      oneOnly("spec.scaling.replicas", scaling.replicas());
      oneOnly("spec.scaling.maxReplicas", scaling.maxReplicas());
    }
  }

  /** Whether all that a client sends reaches one replica. */
  private static boolean keepsClientsTogether(P2SGatewaySpec spec, ResolvedGateway.Access access) {
    // a node's own ports lead to the one replica on it
    return access.balancing() != Exposure.Balancing.Connection
        || (access.type() == Exposure.Type.HostPort && spec.fqdn() != null);
  }

  private static void oneOnly(String field, Integer replicas) throws GatewayRefused {
    if (replicas != null && replicas > 1) {
      throw new GatewayRefused(
          GatewayRefusal.ExposureInvalid,
          field
              + ": "
              + replicas
              + " with IKEv2: a client's UDP 500 and 4500 have to reach the same replica; set"
              + " spec.exposure.balancing to PerReplica (an address for each, named by spec.fqdn)"
              + " or to SourceAddress (a load balancer that keeps a client's address on one node),"
              + " or use type HostPort with spec.fqdn; without that only 1 serves");
    }
  }

  private static void sourceAddress(ResolvedGateway.Access access) throws GatewayRefused {
    if (access.type() != Exposure.Type.LoadBalancer) {
      throw refused(
          "SourceAddress is what a load balancer does; use it with type LoadBalancer, or"
              + " PerReplica");
    }
  }

  private static void perReplica(P2SGatewaySpec spec, ResolvedGateway.Access access)
      throws GatewayRefused {
    if (access.type() == Exposure.Type.NodePort) {
      throw refused(
          "PerReplica would give each replica a port of its own with NodePort, and packages name"
              + " one; use LoadBalancer or ClusterIP");
    }
    if (access.type() == Exposure.Type.HostPort) {
      throw refused(
          "PerReplica has no effect with HostPort, where each replica has its node's address; leave"
              + " it out");
    }
    if (access.address().isPresent()) {
      throw refused(
          "PerReplica gives each replica an address, and spec.exposure.address is one for all;"
              + " leave that out");
    }
    if (spec.fqdn() == null) {
      throw refused("PerReplica needs spec.fqdn: packages name that, and it names every address");
    }
  }

  private static GatewayRefused refused(String why) {
    return new GatewayRefused(GatewayRefusal.ExposureInvalid, "spec.exposure.balancing: " + why);
  }
}
