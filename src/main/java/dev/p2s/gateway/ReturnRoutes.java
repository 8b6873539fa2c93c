package dev.p2s.gateway;

import dev.p2s.addressing.Cidr;
import dev.p2s.api.v1alpha1.P2SGatewayStatus.ReturnRoute;
import dev.p2s.dataplane.AgentReport;
import dev.p2s.dataplane.Ipv6Pool;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodIP;
import java.net.Inet4Address;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a network that sees clients' own addresses ({@code snat: false}) has to know: which of them
 * are behind which gateway pod. Agents say what they hold, so it is right while pods come and go.
 */
final class ReturnRoutes {

  private ReturnRoutes() {}

  /** Null where the network needs none, since traffic leaves with the pods' addresses. */
  static List<ReturnRoute> of(GatewayStatusFactory.Running running) {
    if (running.gateway().snat()) {
      return null;
    }
    Optional<Ipv6Pool> pool = Ipv6Pool.of(running.gateway().clientAddressPools());
    return running.pods().stream()
        .flatMap(
            pod ->
                Stream.ofNullable(running.reports().get(pod.getMetadata().getName()))
                    .map(AgentReport::held)
                    .filter(held -> held != null)
                    .flatMap(held -> held.blocks().stream())
                    .filter(Cidr::isIpv4)
                    .flatMap(block -> Stream.concat(Stream.of(block), beside(pool, block)))
                    .flatMap(block -> via(pod, block)))
        .toList();
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
