package dev.p2s.gateway;

import dev.p2s.addressing.Cidr;
import dev.p2s.addressing.CidrSet;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Reads {@link ClusterFacts} from Nodes, ServiceCIDRs and this Pod's resolver, at most once in 30
 * seconds. What may not be read (a namespaced installation) comes from the chart's values.
 */
@ApplicationScoped
public class ClusterFactsReader {

  private static final Logger LOG = Logger.getLogger(ClusterFactsReader.class);
  private static final Duration FRESH = Duration.ofSeconds(30);

  private final KubernetesClient client;
  private final Clock clock;
  private final List<Cidr> configuredServiceRanges;
  private final List<Cidr> configuredPodRanges;
  private final Path resolvConf;

  private ClusterFacts facts;
  private Instant readAt = Instant.MIN;

  public ClusterFactsReader(
      KubernetesClient client,
      Clock clock,
      @ConfigProperty(name = "p2s.cluster.service-ranges") Optional<List<String>> serviceRanges,
      @ConfigProperty(name = "p2s.cluster.pod-ranges") Optional<List<String>> podRanges,
      @ConfigProperty(name = "p2s.cluster.resolv-conf", defaultValue = "/etc/resolv.conf")
          String resolvConf) {
    this.client = client;
    this.clock = clock;
    this.configuredServiceRanges = parsed(serviceRanges);
    this.configuredPodRanges = parsed(podRanges);
    this.resolvConf = Path.of(resolvConf);
  }

  /** The facts, at most 30 seconds old. */
  public synchronized ClusterFacts read() {
    Instant now = clock.instant();
    if (facts == null || readAt.plus(FRESH).isBefore(now)) {
      facts = readNow();
      readAt = now;
    }
    return facts;
  }

  private ClusterFacts readNow() {
    List<Node> nodes = nodes();
    List<Cidr> podRanges =
        configuredPodRanges.isEmpty()
            ? CidrSet.merged(
                nodes.stream()
                    .flatMap(
                        node ->
                            node.getSpec().getPodCIDRs() == null
                                ? Stream.<String>empty()
                                : node.getSpec().getPodCIDRs().stream())
                    .map(Cidr::parse)
                    .toList())
            : configuredPodRanges;
    List<Cidr> serviceRanges =
        configuredServiceRanges.isEmpty() ? serviceCidrs() : configuredServiceRanges;
    ResolverConfiguration resolver = resolver();
    return new ClusterFacts(
        serviceRanges, podRanges, addresses(nodes), resolver.servers(), resolver.clusterDomain());
  }

  private List<Node> nodes() {
    try {
      return client.nodes().list().getItems();
    } catch (KubernetesClientException e) {
      return nothingWhereForbidden("nodes", e);
    }
  }

  private List<Cidr> serviceCidrs() {
    try {
      return CidrSet.merged(
          client
              .genericKubernetesResources("networking.k8s.io/v1", "ServiceCIDR")
              .list()
              .getItems()
              .stream()
              .flatMap(item -> strings(item.get("spec", "cidrs")).stream())
              .map(Cidr::parse)
              .toList());
    } catch (KubernetesClientException e) {
      return nothingWhereForbidden("ServiceCIDR objects", e);
    }
  }

  // an API server that is away must not look like a cluster without ranges
  private static <T> List<T> nothingWhereForbidden(String what, KubernetesClientException e) {
    if (e.getCode() != HttpURLConnection.HTTP_FORBIDDEN
        && e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
      throw e;
    }
    LOG.debugf("%s are not readable: %s", what, e.getMessage());
    return List.of();
  }

  private ResolverConfiguration resolver() {
    try {
      return ResolverConfiguration.parse(Files.readString(resolvConf));
    } catch (IOException e) {
      return new ResolverConfiguration(List.of(), List.of());
    }
  }

  private static List<String> addresses(List<Node> nodes) {
    return nodes.stream()
        .sorted(Comparator.comparing(node -> node.getMetadata().getName()))
        .flatMap(node -> node.getStatus().getAddresses().stream())
        .filter(a -> a.getType().equals("ExternalIP") || a.getType().equals("InternalIP"))
        .sorted(Comparator.comparing(NodeAddress::getType))
        .map(NodeAddress::getAddress)
        .distinct()
        .toList();
  }

  private static List<String> strings(Object list) {
    List<String> out = new ArrayList<>();
    if (list instanceof List<?> items) {
      items.forEach(item -> out.add(String.valueOf(item)));
    }
    return out;
  }

  private static List<Cidr> parsed(Optional<List<String>> ranges) {
    return ranges.orElse(List.of()).stream()
        .map(String::strip)
        .filter(text -> !text.isEmpty())
        .map(Cidr::parse)
        .toList();
  }
}
