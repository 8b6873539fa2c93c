package dev.p2s.gateway;

import dev.p2s.api.v1alpha1.EntraIdSpec;
import dev.p2s.api.v1alpha1.OidcSpec;
import dev.p2s.api.v1alpha1.P2SGatewaySpec;
import dev.p2s.api.v1alpha1.RadiusSpec;
import dev.p2s.api.v1alpha1.References.TextSource;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads the ConfigMaps and Secrets that specs name. They are not watched: the next round sees a
 * change.
 */
final class ReferencedTextsReader {

  private final KubernetesClient client;

  ReferencedTextsReader(KubernetesClient client) {
    this.client = client;
  }

  /**
   * @param specs what may be in force: the newest and the one that was accepted last
   */
  ReferencedTexts read(String namespace, List<P2SGatewaySpec> specs) {
    Map<TextSource, String> found = new HashMap<>();
    specs.stream()
        .flatMap(ReferencedTextsReader::sources)
        .distinct()
        .forEach(source -> text(namespace, source).ifPresent(text -> found.put(source, text)));
    return new ReferencedTexts(found);
  }

  private static Stream<TextSource> sources(P2SGatewaySpec spec) {
    return Stream.of(
            Optional.ofNullable(spec.entraID()).map(EntraIdSpec::serverRoots),
            Optional.ofNullable(spec.oidc()).map(OidcSpec::serverRoots),
            Optional.ofNullable(spec.oidc())
                .map(OidcSpec::clientSecretRef)
                .map(entry -> new TextSource(null, entry)),
            Optional.ofNullable(spec.radius()).map(RadiusSpec::serverRoots))
        .flatMap(Optional::stream);
  }

  private Optional<String> text(String namespace, TextSource source) {
    if (source.configMapRef() != null) {
      ConfigMap map =
          client.configMaps().inNamespace(namespace).withName(source.configMapRef().name()).get();
      return Optional.ofNullable(map)
          .map(ConfigMap::getData)
          .map(data -> data.get(source.configMapRef().key()));
    }
    if (source.secretRef() != null) {
      Secret secret =
          client.secrets().inNamespace(namespace).withName(source.secretRef().name()).get();
      return Optional.ofNullable(secret)
          .filter(s -> s.getData() != null)
          .map(s -> GatewayStatePlan.text(s, source.secretRef().key()))
          .filter(text -> !text.isEmpty());
    }
    return Optional.empty();
  }
}
