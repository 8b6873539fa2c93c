package dev.p2s.gateway;

import dev.p2s.api.v1alpha1.P2SGatewaySpec;
import dev.p2s.api.v1alpha1.PolicyGroupSpec;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * The Services that gateways' policy groups name by the labels of their namespaces. Namespaces and
 * the Services of selected ones are watched as long as a gateway names them, and no others; those
 * of a namespace that the operator does not serve are not to be read and are none.
 */
final class SelectedServices {

  private static final Logger LOG = Logger.getLogger(SelectedServices.class);

  private static final class Watched {
    final Map<LabelSelector, SharedIndexInformer<Namespace>> namespaces = new HashMap<>();
    final Map<String, SharedIndexInformer<Service>> services = new HashMap<>();
  }

  private final KubernetesClient client;
  private final Consumer<ResourceID> changed;
  private final Map<ResourceID, Watched> byGateway = new HashMap<>();

  /**
   * @param changed told of the gateway for which a Service or a namespace has changed
   */
  SelectedServices(KubernetesClient client, Consumer<ResourceID> changed) {
    this.client = client;
    this.changed = changed;
  }

  /** What these specs of a gateway name, as it is now; from now on it is watched. */
  synchronized ServiceDestinations of(ResourceID gateway, Collection<P2SGatewaySpec> specs) {
    Set<LabelSelector> selectors =
        specs.stream().flatMap(SelectedServices::selectors).collect(Collectors.toSet());
    if (selectors.isEmpty() && !byGateway.containsKey(gateway)) {
      return ServiceDestinations.NONE;
    }
    Watched watched = byGateway.computeIfAbsent(gateway, id -> new Watched());
    retain(watched.namespaces, selectors);
    Map<LabelSelector, List<Service>> found = new HashMap<>();
    Set<String> named = new HashSet<>();
    for (LabelSelector selector : selectors) {
      List<Service> services = new ArrayList<>();
      for (String namespace : namespaces(gateway, watched, selector)) {
        named.add(namespace);
        services.addAll(services(gateway, watched, namespace));
      }
      found.put(selector, services);
    }
    retain(watched.services, named);
    if (selectors.isEmpty()) {
      byGateway.remove(gateway);
    }
    return new ServiceDestinations(found);
  }

  /** Watches nothing any more for gateways that are not among these. */
  synchronized void retain(Set<ResourceID> gateways) {
    Set.copyOf(byGateway.keySet()).stream()
        .filter(gateway -> !gateways.contains(gateway))
        .forEach(gateway -> of(gateway, List.of()));
  }

  private List<String> namespaces(ResourceID gateway, Watched watched, LabelSelector selector) {
    SharedIndexInformer<Namespace> informer =
        watched.namespaces.computeIfAbsent(
            selector,
            each -> informed(gateway, client.namespaces().withLabelSelector(each)).orElse(null));
    return informer == null
        ? List.of()
        : informer.getStore().list().stream()
            .map(namespace -> namespace.getMetadata().getName())
            .sorted()
            .toList();
  }

  private List<Service> services(ResourceID gateway, Watched watched, String namespace) {
    SharedIndexInformer<Service> informer =
        watched.services.computeIfAbsent(
            namespace, each -> informed(gateway, client.services().inNamespace(each)).orElse(null));
    return informer == null ? List.of() : informer.getStore().list();
  }

  /** Empty where it may not be read: it is asked for again with the next reconciliation. */
  private <T extends HasMetadata> Optional<SharedIndexInformer<T>> informed(
      ResourceID gateway, Informable<T> what) {
    try {
      return Optional.of(what.inform(new Waking<>(changed, gateway)));
    } catch (KubernetesClientException e) {
      if (forbidden(e)) {
        LOG.debugf("not to be read: %s", e.getMessage());
        return Optional.empty();
      }
      throw e;
    }
  }

  private static boolean forbidden(Throwable problem) {
    for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
      if (cause instanceof KubernetesClientException refused
          && refused.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
        return true;
      }
    }
    return false;
  }

  private static <K, T> void retain(Map<K, SharedIndexInformer<T>> informers, Set<K> keys) {
    Set.copyOf(informers.keySet()).stream()
        .filter(key -> !keys.contains(key))
        .forEach(key -> informers.remove(key).stop());
  }

  private static Stream<LabelSelector> selectors(P2SGatewaySpec spec) {
    return Stream.ofNullable(spec.policyGroups())
        .flatMap(List::stream)
        .map(PolicyGroupSpec::allow)
        .filter(Objects::nonNull)
        .flatMap(List::stream)
        .map(PolicyGroupSpec.Allow::services)
        .filter(Objects::nonNull)
        .map(PolicyGroupSpec.Services::namespaceSelector)
        .filter(Objects::nonNull);
  }
}
