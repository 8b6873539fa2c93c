package dev.p2s.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.p2s.api.v1alpha1.P2SGateway;
import dev.p2s.crd.CrdSpecs;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Objects that were stored under earlier CRDs (those of commit 0571d56, as the fixture has them)
 * are what they were after the chart has brought today's, and are served. A cluster of its own.
 * Time budget: 90 s with the installation.
 */
class CrdUpgradeClusterIT {

  private static final String FIXTURE = "src/test/resources/crds-of-the-first-path/";
  private static final String NAMESPACE = "stored";
  private static final List<String> KINDS =
      List.of("p2sgateways", "rootcertificates", "clientprofiles");

  private static TestCluster cluster;
  private static Installation installation;
  private static Map<String, JsonNode> stored;

  @BeforeAll
  static void storeThenUpgrade() throws JsonProcessingException {
    cluster = TestCluster.start("upgrade", false);
    for (String kind : KINDS) {
      cluster.kubectl("create", "-f", FIXTURE + kind + ".yaml");
      String crd = "crd/" + kind + ".p2s.dev";
      // as a release of the chart leaves them
      cluster.kubectl("label", crd, "app.kubernetes.io/managed-by=Helm");
      cluster.kubectl(
          "annotate",
          crd,
          "meta.helm.sh/release-name=" + Installation.RELEASE,
          "meta.helm.sh/release-namespace=" + Installation.NAMESPACE);
      cluster.kubectl("wait", "--for=condition=Established", crd);
    }
    cluster.namespace(NAMESPACE, "privileged");
    cluster.kubectl("create", "-f", FIXTURE + "objects.yaml");
    stored = specs();
    installation = new Installation(cluster).install();
  }

  @AfterAll
  static void end() {
    cluster.close();
  }

  @Test
  void givenObjectsOfEarlierCrds_whenTheChartBringsTodays_thenTheyReadBackUnchanged()
      throws JsonProcessingException {
    assertThat(stored).hasSize(5);
    assertThat(specs()).isEqualTo(stored);
    assertThat(
            cluster.kubectl(
                "get", "crd", "p2sgateways.p2s.dev", "-o", "jsonpath={..policyGroups.type}"))
        .as("the CRD is today's")
        .isEqualTo("array");
  }

  @Test
  void givenObjectsOfEarlierCrds_whenTheOperatorComes_thenItServesThemAndTheyCanBeEdited() {
    for (String name : List.of("everything", "office")) {
      installation.await(
          "a verdict on " + name,
          NAMESPACE,
          () -> Installation.holds(conditions(name), "Accepted"));
    }
    cluster.kubectl(
        "patch",
        "p2sgateway/everything",
        "-n",
        NAMESPACE,
        "--type=merge",
        "-p",
        "{\"spec\":{\"blockedUsers\":null}}");
    installation.await(
        "the edit is accepted",
        NAMESPACE,
        () ->
            conditions("everything").stream()
                .anyMatch(c -> c.getType().equals("Accepted") && c.getObservedGeneration() == 2));
  }

  private static List<io.fabric8.kubernetes.api.model.Condition> conditions(String name) {
    P2SGateway gateway = installation.gateway(NAMESPACE, name);
    return Installation.conditions(gateway);
  }

  /** The objects' specs by kind and name, as the API server reads them. */
  private static Map<String, JsonNode> specs() throws JsonProcessingException {
    JsonNode list =
        CrdSpecs.YAML.readTree(
            cluster.kubectl("get", String.join(",", KINDS), "-n", NAMESPACE, "-o", "json"));
    Map<String, JsonNode> specs = new TreeMap<>();
    list.path("items")
        .forEach(
            item ->
                specs.put(
                    item.path("kind").asText() + "/" + item.at("/metadata/name").asText(),
                    item.path("spec")));
    return specs;
  }
}
