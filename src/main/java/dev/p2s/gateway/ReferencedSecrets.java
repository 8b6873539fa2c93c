package dev.p2s.gateway;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The Secrets of people's own that gateways name: each is watched by its name, since nothing marks
 * them and a cache of every Secret of the cluster is not the operator's to have.
 */
final class ReferencedSecrets {

  private final KubernetesClient client;
  private final Consumer<ResourceID> changed;
  private final Map<ResourceID, Map<ResourceID, SharedIndexInformer<Secret>>> byGateway =
      new HashMap<>();

  /**
   * @param changed told of the gateway that names a Secret which has changed
   */
  ReferencedSecrets(KubernetesClient client, Consumer<ResourceID> changed) {
    this.client = client;
    this.changed = changed;
  }

  /** From now on these Secrets of the gateway's namespace are watched for it and no others. */
  synchronized void watch(ResourceID gateway, Set<String> names) {
    Map<ResourceID, SharedIndexInformer<Secret>> watched =
        byGateway.computeIfAbsent(gateway, id -> new HashMap<>());
    watched
        .entrySet()
        .removeIf(
            entry -> {
              boolean over = !names.contains(entry.getKey().getName());
              if (over) {
                entry.getValue().stop();
              }
              return over;
            });
    for (String name : names) {
      ResourceID secret = new ResourceID(name, gateway.getNamespace().orElseThrow());
      watched.computeIfAbsent(secret, id -> informer(gateway, id));
    }
    if (watched.isEmpty()) {
      byGateway.remove(gateway);
    }
  }

  /** Watches nothing any more for gateways that are not among these. */
  synchronized void retain(Set<ResourceID> gateways) {
    Set.copyOf(byGateway.keySet()).stream()
        .filter(gateway -> !gateways.contains(gateway))
        .forEach(gateway -> watch(gateway, Set.of()));
  }

  /** A Secret as the API server has it now. */
  Optional<Secret> get(String namespace, String name) {
    return Optional.ofNullable(client.secrets().inNamespace(namespace).withName(name).get());
  }

  private SharedIndexInformer<Secret> informer(ResourceID gateway, ResourceID secret) {
    SharedIndexInformer<Secret> informer =
        client
            .secrets()
            .inNamespace(secret.getNamespace().orElseThrow())
            .withName(secret.getName())
            .runnableInformer(0);
    informer.addEventHandler(new Waking<>(changed, gateway));
    informer.exceptionHandler((started, problem) -> true);
    informer.start();
    return informer;
  }
}
