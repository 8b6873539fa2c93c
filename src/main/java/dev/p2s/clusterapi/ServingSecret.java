package dev.p2s.clusterapi;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The Secret that the replicas share their serving keys by. Whoever comes first makes it. */
final class ServingSecret {

  private final KubernetesClient client;
  private final String namespace;
  private final String name;
  private final String host;
  private final Clock clock;
  private final SecureRandom random;

  /**
   * @param host the name by which the API server dials
   */
  ServingSecret(
      KubernetesClient client,
      String namespace,
      String name,
      String host,
      Clock clock,
      SecureRandom random) {
    this.client = client;
    this.namespace = namespace;
    this.name = name;
    this.host = host;
    this.clock = clock;
    this.random = random;
  }

  /**
   * The keys as they are to be used now, made or renewed where that is due; empty where another
   * replica was quicker, to be asked again.
   *
   * @throws KubernetesClientException where the Secret cannot be read or written
   */
  Optional<ServingKeys> keys() {
    Secret present = client.secrets().inNamespace(namespace).withName(name).get();
    if (present == null) {
      return written(null, ServingKeys.made(host, clock.instant(), random));
    }
    Optional<ServingKeys> held = ServingKeys.of(decoded(present));
    ServingKeys wanted =
        held.map(keys -> keys.renewed(host, clock.instant(), random))
            .orElseGet(() -> ServingKeys.made(host, clock.instant(), random));
    return held.filter(wanted::equals).isPresent() ? held : written(present, wanted);
  }

  private Optional<ServingKeys> written(Secret present, ServingKeys keys) {
    Map<String, String> data = new TreeMap<>();
    keys.entries()
        .forEach(
            (entry, text) ->
                data.put(
                    entry,
                    Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))));
    try {
      if (present == null) {
        client
            .resource(
                new SecretBuilder()
                    .withNewMetadata()
                    .withName(name)
                    .withNamespace(namespace)
                    .endMetadata()
                    .withType("Opaque")
                    .withData(data)
                    .build())
            .create();
      } else {
        client.resource(new SecretBuilder(present).withData(data).build()).update();
      }
      return Optional.of(keys);
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static Map<String, String> decoded(Secret secret) {
    Map<String, String> entries = new HashMap<>();
    if (secret.getData() != null) {
      secret
          .getData()
          .forEach(
              (entry, text) ->
                  entries.put(
                      entry,
                      new String(Base64.getMimeDecoder().decode(text), StandardCharsets.UTF_8)));
    }
    return entries;
  }
}
