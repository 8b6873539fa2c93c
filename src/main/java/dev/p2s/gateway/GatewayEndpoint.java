package dev.p2s.gateway;

import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What clients dial: {@code exposure.address}, else {@code fqdn}, else the Service's status, else
 * the node's address, in this order.
 *
 * @param address a name or numeric address
 * @param port the TCP port of OpenVPN or SSTP; a gateway with neither has IKE's, UDP 500
 */
record GatewayEndpoint(String address, int port) {

  /**
   * @param front the Service in front of the pods; empty where there is none (yet)
   * @param pods the gateway's pods
   */
  static Optional<GatewayEndpoint> of(
      ResolvedGateway gateway, Optional<Service> front, List<Pod> pods, ClusterFacts facts) {
    Optional<Integer> port = port(gateway, front);
    Optional<String> address =
        gateway
            .exposure()
            .address()
            .or(() -> gateway.fqdn().map(Object::toString))
            .or(() -> known(gateway, front, pods, facts));
    return address.flatMap(a -> port.map(p -> new GatewayEndpoint(a, p)));
  }

  /** Where a Service that clients dial is reached: as long as nobody knows, nowhere. */
  static List<String> addresses(ResolvedGateway gateway, Service service) {
    Optional<Service> front = Optional.of(service);
    return switch (gateway.exposure().type()) {
      case LoadBalancer -> ingress(front).toList();
      case ClusterIP -> clusterIp(front).stream().toList();
      case HostPort, NodePort -> List.of();
    };
  }

  /** Every address under which clients may dial, for the server certificate's SANs. */
  static List<String> subjectAlternativeNames(
      ResolvedGateway gateway, Optional<Service> front, ClusterFacts facts) {
    TreeSet<String> names = new TreeSet<>();
    gateway.fqdn().ifPresent(fqdn -> names.add(fqdn.value()));
    gateway.exposure().address().ifPresent(names::add);
    switch (gateway.exposure().type()) {
      case LoadBalancer -> ingress(front).forEach(names::add);
      case ClusterIP -> clusterIp(front).ifPresent(names::add);
      case HostPort, NodePort -> names.addAll(facts.nodeAddresses());
    }
    return List.copyOf(names);
  }

  private static Optional<String> known(
      ResolvedGateway gateway, Optional<Service> front, List<Pod> pods, ClusterFacts facts) {
    return switch (gateway.exposure().type()) {
      case LoadBalancer -> ingress(front).findFirst();
      case ClusterIP -> clusterIp(front);
      case HostPort, NodePort ->
          hostAddresses(pods).findFirst().or(() -> facts.nodeAddresses().stream().findFirst());
    };
  }

  private static Optional<Integer> port(ResolvedGateway gateway, Optional<Service> front) {
    return switch (gateway.exposure().type()) {
      case LoadBalancer, ClusterIP, HostPort ->
          ClientPort.of(gateway.tunnelTypes()).stream().findFirst().map(ClientPort::number);
      case NodePort ->
          front.stream()
              .flatMap(service -> service.getSpec().getPorts().stream())
              .map(ServicePort::getNodePort)
              .filter(Objects::nonNull)
              .findFirst();
    };
  }

  private static Stream<String> hostAddresses(List<Pod> pods) {
    return pods.stream()
        .sorted(Comparator.comparing(pod -> pod.getMetadata().getName()))
        .map(pod -> pod.getStatus() == null ? null : pod.getStatus().getHostIP())
        .filter(Objects::nonNull);
  }

  private static Optional<String> clusterIp(Optional<Service> front) {
    return front
        .map(service -> service.getSpec().getClusterIP())
        .filter(ip -> ip != null && !ip.isEmpty() && !ip.equals("None"));
  }

  private static Stream<String> ingress(Optional<Service> front) {
    return front.stream()
        .filter(service -> service.getStatus() != null)
        .filter(service -> service.getStatus().getLoadBalancer() != null)
        .flatMap(service -> service.getStatus().getLoadBalancer().getIngress().stream())
        .map(GatewayEndpoint::ingressAddress)
        .filter(Objects::nonNull);
  }

  private static String ingressAddress(LoadBalancerIngress ingress) {
    return ingress.getHostname() != null ? ingress.getHostname() : ingress.getIp();
  }
}
