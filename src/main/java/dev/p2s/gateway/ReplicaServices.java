package dev.p2s.gateway;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * The Services of a gateway whose replicas have an address each ({@code exposure.balancing:
 * PerReplica}). One stays as long as its pod is there: taking it from a pod that leaves would cut
 * its clients off.
 *
 * @param wanted to be applied
 * @param obsolete to be deleted
 */
record ReplicaServices(List<Service> wanted, List<Service> obsolete) {

  /** On such a Service, and on no other: the ordinal that it leads to. */
  static final String REPLICA = "p2s.dev/replica";

  // ExternalDNS makes one name of all Services that have it
  private static final String EXTERNAL_DNS = "external-dns.alpha.kubernetes.io/hostname";

  /**
   * @param pods those that stay and those that leave
   * @param there the gateway's Services of this kind
   */
  static ReplicaServices plan(
      ResolvedGateway gateway, Collection<Pod> pods, Collection<Service> there) {
    SortedSet<Integer> ordinals = new TreeSet<>();
    if (gateway.exposure().perReplica()) {
      IntStream.range(0, gateway.scaling().replicas()).forEach(ordinals::add);
      pods.forEach(pod -> Ordinal.of(pod).ifPresent(ordinals::add));
    }
    return new ReplicaServices(
        ordinals.stream().map(ordinal -> service(gateway, ordinal)).toList(),
        there.stream()
            .filter(service -> !ordinalOf(service).filter(ordinals::contains).isPresent())
            .toList());
  }

  /** The addresses that the gateway's fqdn has to name, of replicas that are asked for. */
  List<String> addresses(ResolvedGateway gateway, Collection<Service> there) {
    return there.stream()
        .filter(
            service -> ordinalOf(service).filter(i -> i < gateway.scaling().replicas()).isPresent())
        .sorted(Comparator.comparing(service -> ordinalOf(service).orElseThrow()))
        .flatMap(service -> GatewayEndpoint.addresses(gateway, service).stream())
        .toList();
  }

  /** Whether a Service is of this kind. */
  static boolean isOne(Service service) {
    return ordinalOf(service).isPresent();
  }

  /** The ordinal that a Service of this kind leads to. */
  static Optional<Integer> ordinalOf(Service service) {
    return Optional.ofNullable(service.getMetadata().getLabels())
        .map(labels -> labels.get(REPLICA))
        .map(Integer::valueOf);
  }

  static String name(String gateway, int ordinal) {
    return gateway + "-replica-" + ordinal;
  }

  private static Service service(ResolvedGateway gateway, int ordinal) {
    ObjectMeta metadata = GatewayPlan.metadata(gateway, name(gateway.name(), ordinal));
    Map<String, String> labels = new TreeMap<>(metadata.getLabels());
    labels.put(REPLICA, Integer.toString(ordinal));
    metadata.setLabels(labels);
    gateway
        .fqdn()
        .ifPresent(
            fqdn -> metadata.setAnnotations(new TreeMap<>(Map.of(EXTERNAL_DNS, fqdn.value()))));
    Map<String, String> selector = new TreeMap<>(GatewayLabels.selector(gateway.name()));
    selector.put("statefulset.kubernetes.io/pod-name", gateway.name() + "-" + ordinal);
    return new ServiceBuilder(FrontService.of(gateway, metadata))
        .editSpec()
        .withSelector(selector)
        .endSpec()
        .build();
  }
}
