package dev.p2s.gateway;

import dev.p2s.api.v1alpha1.P2SGatewaySpec.Exposure;
import dev.p2s.dataplane.ServingReplica;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The replicas that take clients: their pods are Ready and stay. What the kubelet says of a pod
 * counts here, not what its agent reports, so that an operator that starts writes nothing.
 */
final class ServingReplicas {

  private ServingReplicas() {}

  /**
   * @param pods the gateway's pods that stay
   * @param services its replicas' own
   */
  static List<ServingReplica> of(ResolvedGateway gateway, List<Pod> pods, List<Service> services) {
    List<ServingReplica> serving = new ArrayList<>();
    for (Pod pod : pods) {
      Optional<Integer> ordinal = Ordinal.of(pod);
      if (ordinal.isPresent() && GatewayStatusFactory.isReady(pod)) {
        serving.add(
            new ServingReplica(ordinal.get(), address(gateway, pod, services).orElse(null)));
      }
    }
    serving.sort(Comparator.comparing(ServingReplica::ordinal));
    return serving;
  }

  /** Where clients reach this replica and no other. */
  private static Optional<String> address(
      ResolvedGateway gateway, Pod pod, List<Service> services) {
    if (gateway.ikev2() == null) {
      // OpenVPN's clients find the next replica by the name that their packages have
      return Optional.empty();
    }
    if (gateway.exposure().type() == Exposure.Type.HostPort) {
      return Optional.ofNullable(pod.getStatus().getHostIP());
    }
    return services.stream()
        .filter(service -> ReplicaServices.ordinalOf(service).equals(Ordinal.of(pod)))
        .flatMap(service -> GatewayEndpoint.addresses(gateway, service).stream())
        .findFirst();
  }
}
