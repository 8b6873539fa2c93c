package dev.p2s.cluster;

import dev.p2s.api.v1alpha1.ClientProfile;
import dev.p2s.api.v1alpha1.P2SGateway;
import dev.p2s.api.v1alpha1.RootCertificate;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What docs/operations.md tells to back up of a gateway's namespace: the objects that a person
 * wrote, and the Secrets by their names. Nothing in it knows the cluster that it was taken from.
 */
final class Backup {

  private final List<HasMetadata> secrets;
  private final List<HasMetadata> objects;

  private Backup(List<HasMetadata> secrets, List<HasMetadata> objects) {
    this.secrets = List.copyOf(secrets);
    this.objects = List.copyOf(objects);
  }

  /**
   * @param secretNames the Secrets to keep; each must be there
   */
  static Backup of(KubernetesClient client, String namespace, Set<String> secretNames) {
    List<HasMetadata> secrets = new ArrayList<>();
    for (String name : secretNames) {
      Secret secret = client.secrets().inNamespace(namespace).withName(name).require();
      secret.setMetadata(portable(secret.getMetadata()));
      secrets.add(secret);
    }
    List<HasMetadata> objects = new ArrayList<>();
    for (Class<? extends CustomResource<?, ?>> kind :
        List.of(P2SGateway.class, RootCertificate.class, ClientProfile.class)) {
      for (CustomResource<?, ?> object :
          client.resources(kind).inNamespace(namespace).list().getItems()) {
        object.setMetadata(portable(object.getMetadata()));
        object.setStatus(null);
        objects.add(object);
      }
    }
    return new Backup(secrets, objects);
  }

  /** The same without one object, as if it had been forgotten. */
  Backup without(Class<? extends HasMetadata> kind, String name) {
    return new Backup(
        secrets,
        objects.stream()
            .filter(o -> !(kind.isInstance(o) && o.getMetadata().getName().equals(name)))
            .toList());
  }

  /** Secrets first, so that the operator finds them when it meets the objects. */
  void restore(KubernetesClient client) {
    secrets.forEach(secret -> client.resource(secret).create());
    objects.forEach(object -> client.resource(object).create());
  }

  private static ObjectMeta portable(ObjectMeta metadata) {
    return new ObjectMetaBuilder()
        .withName(metadata.getName())
        .withNamespace(metadata.getNamespace())
        .withLabels(metadata.getLabels())
        .build();
  }
}
