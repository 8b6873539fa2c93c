package dev.p2s.gateway;

import dev.p2s.addressing.Cidr;
import dev.p2s.api.v1alpha1.P2SGatewaySpec.Exposure;
import dev.p2s.dataplane.RadiusPorts;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeerBuilder;
import java.net.Inet4Address;
import java.util.List;

/**
 * Where the RADIUS servers of a gateway end sessions: UDP 3799 of each pod, which is the NAS of its
 * own sessions, and of the node too where clients dial the node. Nobody else gets through to it.
 */
final class DisconnectPort {

  private DisconnectPort() {}

  /** The pod's port; empty where nobody logs in by RADIUS. */
  static List<ContainerPort> of(ResolvedGateway gateway) {
    if (gateway.radius() == null) {
      return List.of();
    }
    ContainerPortBuilder port =
        new ContainerPortBuilder()
            .withName("disconnect")
            .withContainerPort(RadiusPorts.DISCONNECT)
            .withProtocol("UDP");
    if (gateway.exposure().type() == Exposure.Type.HostPort) {
      port.withHostPort(RadiusPorts.DISCONNECT);
    }
    return List.of(port.build());
  }

  /** Who gets through to it. */
  static List<NetworkPolicyIngressRule> ingress(ResolvedGateway gateway) {
    if (gateway.radius() == null) {
      return List.of();
    }
    return List.of(
        new NetworkPolicyIngressRuleBuilder()
            .addNewPort()
            .withPort(new IntOrString(RadiusPorts.DISCONNECT))
            .withProtocol("UDP")
            .endPort()
            .withFrom(
                gateway.radius().state().servers().stream()
                    .map(server -> peer(server.address()))
                    .toList())
            .build());
  }

  private static NetworkPolicyPeer peer(String address) {
    int prefix = Cidr.numeric(address) instanceof Inet4Address ? 32 : 128;
    return new NetworkPolicyPeerBuilder()
        .withNewIpBlock()
        .withCidr(Cidr.numeric(address).getHostAddress() + "/" + prefix)
        .endIpBlock()
        .build();
  }
}
