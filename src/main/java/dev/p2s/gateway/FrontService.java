package dev.p2s.gateway;

import dev.p2s.api.v1alpha1.P2SGatewaySpec.Exposure;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;

/** A Service that clients dial: the one in front of all pods, or one of a replica's own. */
final class FrontService {

  private FrontService() {}

  /** Leads to all pods of the gateway. */
  static Service of(ResolvedGateway gateway, ObjectMeta metadata) {
    var spec =
        new ServiceBuilder()
            .withMetadata(metadata)
            .withNewSpec()
            .withType(gateway.exposure().type().name())
            .withSelector(GatewayLabels.selector(gateway.name()))
            .withPorts(
                ClientPort.of(gateway.tunnelTypes()).stream()
                    .map(client -> port(gateway, client))
                    .toList());
    if (gateway.exposure().balancing() == Exposure.Balancing.SourceAddress) {
      // what load balancers of clouds take as a wish to go by the source address alone
      spec = spec.withSessionAffinity("ClientIP");
    }
    return switch (gateway.exposure().type()) {
      // keeps the client's own address for logs and limits, and saves a hop
      case LoadBalancer -> spec.withExternalTrafficPolicy("Local").endSpec().build();
      case NodePort -> spec.withExternalTrafficPolicy("Cluster").endSpec().build();
      case ClusterIP, HostPort -> spec.endSpec().build();
    };
  }

  private static ServicePort port(ResolvedGateway gateway, ClientPort client) {
    ServicePortBuilder port =
        new ServicePortBuilder()
            .withName(client.portName())
            .withProtocol(client.protocol())
            .withPort(client.number())
            .withTargetPort(new IntOrString(client.portName()));
    gateway.exposure().nodePort().ifPresent(port::withNodePort);
    return port.build();
  }
}
