package dev.p2s.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.p2s.api.v1alpha1.P2SGateway;
import dev.p2s.api.v1alpha1.P2SGatewayStatus;
import dev.p2s.crd.CrdSpecs;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** Objects that are applied to a cluster all at once, and what it and the operator say to each. */
final class JudgedObjects {

  /** The reason where the API server itself says no. */
  static final String NOT_ADMITTED = "NotAdmitted";

  private static final String API = "p2s.dev/v1alpha1";
  private static final Duration SOON = Duration.ofMinutes(3);

  /**
   * @param accepted whether the condition Accepted holds
   * @param reason its reason, or {@link #NOT_ADMITTED}
   * @param message its sentence, or the API server's
   */
  record Verdict(boolean accepted, String reason, String message) {}

  private final TestCluster cluster;
  private final String namespace;
  private int pools;

  JudgedObjects(TestCluster cluster, String namespace) {
    this.cluster = cluster;
    this.namespace = namespace;
  }

  /** Gateways by name; each rests, and has a pool of its own where its spec has none. */
  Map<String, Verdict> gateways(Map<String, ObjectNode> specs) {
    Map<String, JsonNode> objects = new LinkedHashMap<>();
    specs.forEach((name, spec) -> objects.put(name, object("P2SGateway", name, spec)));
    return objects(objects);
  }

  /** ClientProfiles by name. */
  Map<String, Verdict> profiles(Map<String, String> specs) {
    Map<String, JsonNode> objects = new LinkedHashMap<>();
    specs.forEach(
        (name, spec) ->
            objects.put(name, object("ClientProfile", name, SeedRowsClusterIT.spec(spec))));
    return objects(objects);
  }

  /** Any objects, by a key of the caller's. */
  Map<String, Verdict> objects(Map<String, JsonNode> objects) {
    Map<String, Verdict> verdicts = new LinkedHashMap<>();
    Map<String, GenericKubernetesResource> waiting = new LinkedHashMap<>();
    objects.forEach(
        (key, object) -> {
          try {
            waiting.put(key, create((ObjectNode) object));
          } catch (KubernetesClientException e) {
            if (e.getCode() != 422) {
              throw e;
            }
            verdicts.put(key, new Verdict(false, NOT_ADMITTED, e.getMessage()));
          }
        });
    try {
      Awaitility.await("a verdict on each")
          .atMost(SOON)
          .pollInterval(Duration.ofMillis(500))
          .until(
              () -> {
                waiting.forEach(
                    (key, object) -> verdict(object).ifPresent(told -> verdicts.put(key, told)));
                waiting.keySet().removeAll(verdicts.keySet());
                return waiting.isEmpty();
              });
    } catch (ConditionTimeoutException e) {
      throw new AssertionError("no verdict on " + waiting.keySet(), e);
    }
    return verdicts;
  }

  P2SGatewayStatus status(String gateway) {
    return cluster
        .client()
        .resources(P2SGateway.class)
        .inNamespace(namespace)
        .withName(gateway)
        .get()
        .getStatus();
  }

  void deleteAll() {
    cluster.kubectl(
        "delete", "clientprofiles,rootcertificates,p2sgateways", "--all", "-n", namespace);
  }

  private GenericKubernetesResource create(ObjectNode object) {
    if (object.path("kind").asText().equals("P2SGateway")) {
      ObjectNode spec = object.withObject("/spec");
      spec.withObject("/scaling").put("replicas", 0);
      if (!spec.has("clientAddressPools")) {
        int pool = pools++;
        spec.putArray("clientAddressPools")
            .add("100.64." + pool / 32 + "." + pool % 32 * 8 + "/29");
      }
    }
    object.withObject("/metadata").put("namespace", namespace);
    return cluster
        .client()
        .resource(CrdSpecs.YAML.convertValue(object, GenericKubernetesResource.class))
        .create();
  }

  private Optional<Verdict> verdict(GenericKubernetesResource object) {
    GenericKubernetesResource now =
        cluster
            .client()
            .genericKubernetesResources(API, object.getKind())
            .inNamespace(namespace)
            .withName(object.getMetadata().getName())
            .get();
    Object conditions = now.get("status", "conditions");
    return (conditions instanceof List<?> list ? list : List.of())
        .stream()
            .map(Map.class::cast)
            .filter(condition -> condition.get("type").equals("Accepted"))
            .findFirst()
            .map(
                condition ->
                    new Verdict(
                        condition.get("status").equals("True"),
                        (String) condition.get("reason"),
                        (String) condition.get("message")));
  }

  private static JsonNode object(String kind, String name, ObjectNode spec) {
    ObjectNode object = CrdSpecs.YAML.createObjectNode();
    object.put("apiVersion", API).put("kind", kind);
    object.putObject("metadata").put("name", name);
    object.set("spec", spec);
    return object;
  }
}
