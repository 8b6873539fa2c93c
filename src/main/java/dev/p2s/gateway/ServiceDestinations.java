package dev.p2s.gateway;

import dev.p2s.addressing.Cidr;
import dev.p2s.addressing.CidrSet;
import dev.p2s.api.v1alpha1.PolicyGroupSpec;
import dev.p2s.dataplane.PolicyGroup.Destination;
import dev.p2s.dataplane.PolicyGroup.Port;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Services of namespaces as destinations: the ClusterIPs of each with its ports. A packet to a
 * ClusterIP leaves the gateway's pod as it is and becomes one to a Pod on the node (kube-proxy), so
 * the pods behind are not reached otherwise. What has no ClusterIP (headless, ExternalName) is no
 * destination.
 *
 * @param bySelector the Services of the namespaces that each selector selects
 */
record ServiceDestinations(Map<LabelSelector, List<Service>> bySelector) {

  /** So many of one entry at most; a state Secret has 1 MiB. */
  static final int MOST = 2000;

  /** No Services are known. */
  static final ServiceDestinations NONE = new ServiceDestinations(Map.of());

  ServiceDestinations {
    bySelector = Map.copyOf(bySelector);
  }

  /**
   * @param ports which of the Services' ports; empty: all of them
   * @return in the order of addresses, {@link #MOST} at most
   */
  List<Destination> of(PolicyGroupSpec.Services services, List<Port> ports) {
    Map<Cidr, List<Port>> byAddress = new TreeMap<>(Comparator.comparing(Cidr::toString));
    for (Service service : bySelector.getOrDefault(services.namespaceSelector(), List.of())) {
      List<Port> open = ports(service).filter(p -> ports.isEmpty() || ports.contains(p)).toList();
      if (!open.isEmpty()) {
        addresses(service).forEach(address -> byAddress.put(address, open));
      }
    }
    return CidrSet.sorted(List.copyOf(byAddress.keySet())).stream()
        .limit(MOST)
        .map(address -> new Destination(address, byAddress.get(address)))
        .toList();
  }

  private static Stream<Cidr> addresses(Service service) {
    List<String> addresses =
        service.getSpec().getClusterIPs().isEmpty()
            ? Stream.ofNullable(service.getSpec().getClusterIP()).toList()
            : service.getSpec().getClusterIPs();
    return addresses.stream()
        .filter(address -> !address.isEmpty() && !address.equals("None"))
        .map(Cidr::parse);
  }

  private static Stream<Port> ports(Service service) {
    return service.getSpec().getPorts().stream()
        .flatMap(ServiceDestinations::port)
        .sorted(Comparator.comparing(Port::protocol).thenComparing(Port::port));
  }

  // a gateway's rules know the protocols that the API names
  private static Stream<Port> port(ServicePort port) {
    return switch (Objects.requireNonNullElse(port.getProtocol(), "TCP")) {
      case "TCP" -> Stream.of(new Port(PolicyGroupSpec.Protocol.TCP, port.getPort()));
      case "UDP" -> Stream.of(new Port(PolicyGroupSpec.Protocol.UDP, port.getPort()));
      default -> Stream.empty();
    };
  }
}
