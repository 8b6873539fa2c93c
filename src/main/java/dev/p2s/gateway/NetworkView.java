package dev.p2s.gateway;

import dev.p2s.addressing.Cidr;
import dev.p2s.api.v1alpha1.P2SGatewayStatus.ReturnRoute;
import dev.p2s.dataplane.AgentReport;
import dev.p2s.dataplane.Holding;
import dev.p2s.dataplane.Ipv6Pool;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodIP;
import java.net.Inet4Address;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the network behind a gateway sees of clients' traffic. Pods that leave count as long as they
 * are there, since so are their clients.
 *
 * @param egressAddresses what firewalls see; empty while no pod has an address
 * @param returnRoutes which clients are behind which pod, where the network sees their own
 *     addresses ({@code snat: false}); null where it needs none. Agents say what they hold, so it
 *     is right while pods come and go
 */
record NetworkView(List<String> egressAddresses, List<ReturnRoute> returnRoutes) {

  /**
   * @param pods all that there are
   * @param reports of all that are heard, by pod name
   */
  static NetworkView of(ResolvedGateway gateway, List<Pod> pods, Map<String, AgentReport> reports) {
    return gateway.snat()
        ? new NetworkView(addresses(pods), null)
        : new NetworkView(
            gateway.clientAddressPools().stream().map(Cidr::toString).toList(),
            routes(gateway, pods, reports));
  }

  private static List<String> addresses(List<Pod> pods) {
    return pods.stream()
        .map(Pod::getStatus)
        .filter(Objects::nonNull)
        .flatMap(status -> Stream.of(status.getPodIP(), status.getHostIP()))
        .filter(Objects::nonNull)
        .sorted()
        .distinct()
        .toList();
  }

  private static List<ReturnRoute> routes(
      ResolvedGateway gateway, List<Pod> pods, Map<String, AgentReport> reports) {
    Optional<Ipv6Pool> pool = Ipv6Pool.of(gateway.clientAddressPools());
    return pods.stream()
        .flatMap(
            pod ->
                Stream.ofNullable(reports.get(pod.getMetadata().getName()))
                    .flatMap(NetworkView::held)
                    .flatMap(held -> held.blocks().stream())
                    .filter(Cidr::isIpv4)
                    .flatMap(block -> Stream.concat(Stream.of(block), beside(pool, block)))
                    .flatMap(block -> via(pod, block)))
        .toList();
  }

  private static Stream<Holding> held(AgentReport report) {
    return Stream.of(report.held(), report.sstp() == null ? null : report.sstp().held())
        .filter(Objects::nonNull);
  }

  private static Stream<Cidr> beside(Optional<Ipv6Pool> pool, Cidr block) {
    return pool.map(ipv6 -> ipv6.beside(block)).stream();
  }

  private static Stream<ReturnRoute> via(Pod pod, Cidr block) {
    List<PodIP> addresses = pod.getStatus() == null ? null : pod.getStatus().getPodIPs();
    return Stream.ofNullable(addresses)
        .flatMap(List::stream)
        .map(PodIP::getIp)
        .filter(address -> Cidr.numeric(address) instanceof Inet4Address == block.isIpv4())
        .findFirst()
        .map(address -> new ReturnRoute(block.toString(), address))
        .stream();
  }
}
