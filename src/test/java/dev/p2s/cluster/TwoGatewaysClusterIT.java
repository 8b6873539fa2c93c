package dev.p2s.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.authorization.v1.ResourceRule;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Two gateways in two namespaces of one cluster: neither's agents see anything of the other, by the
 * API server's judgement and by requests with the tokens that the agents themselves hold. Time
 * budget: 60 s beside the start of the cluster.
 */
class TwoGatewaysClusterIT {

  private static final String NORTH = "north";
  private static final String SOUTH = "south";

  /** Every Secret of a namespace with a gateway. */
  private static final List<String> SECRETS =
      List.of(
          "gw-state",
          "gw-control",
          "gw-server-ca",
          "gw-tls-auth",
          "root-key",
          "root-issued",
          "frank-vpn");

  private static TestCluster cluster;
  private static Installation installation;

  @BeforeAll
  static void twoGateways() {
    cluster = TestCluster.shared();
    installation = new Installation(cluster).install();
    gateway(NORTH, "172.31.220.0/24", 31444);
    gateway(SOUTH, "172.31.221.0/24", 31445);
    for (String namespace : List.of(NORTH, SOUTH)) {
      installation.awaitReady(namespace, "gw");
      installation.awaitPackage(namespace, "frank");
    }
  }

  @AfterAll
  static void removeBoth() {
    cluster.kubectl("delete", "namespace", NORTH, SOUTH, "--timeout=180s");
  }

  @Test
  void givenTwoGateways_whenTheApiServerJudges_thenAnAgentReadsOneSecretAndNoOther() {
    for (String own : List.of(NORTH, SOUTH)) {
      Rights agent = new Rights(cluster.client(), own, "gw-agent");
      assertThat(agent.may("get", "", "secrets", own, "gw-state")).isTrue();
      assertThat(agent.may("watch", "", "secrets", own, "gw-state")).isTrue();
      assertThat(agent.may("patch", "", "secrets", own, "gw-state")).isFalse();
      assertThat(agent.may("get", "", "secrets", own, "")).as("all of its namespace").isFalse();
      assertThat(agent.may("get", "", "secrets", other(own), "gw-state")).isFalse();
      assertThat(agent.may("get", "", "secrets", "", "")).as("all of the cluster").isFalse();
    }
  }

  @Test
  void givenAnAgentsOwnToken_whenItAsks_thenItGetsItsStateAndNothingElse() {
    try (KubernetesClient agent = agentOf(NORTH)) {
      assertThat(agent.secrets().inNamespace(NORTH).withName("gw-state").get()).isNotNull();
      for (String namespace : List.of(NORTH, SOUTH)) {
        for (String secret : SECRETS) {
          if (namespace.equals(SOUTH) || !secret.equals("gw-state")) {
            assertThat(cluster.client().secrets().inNamespace(namespace).withName(secret).get())
                .as("there is something to be refused: %s/%s", namespace, secret)
                .isNotNull();
            refused(() -> agent.secrets().inNamespace(namespace).withName(secret).get());
          }
        }
        refused(() -> agent.secrets().inNamespace(namespace).list());
        refused(() -> agent.pods().inNamespace(namespace).list());
      }
      refused(() -> agent.secrets().inAnyNamespace().list());
      refused(() -> agent.namespaces().list());
    }
  }

  @Test
  void givenAnAgentsOwnToken_whenItAsksForItsRights_thenThereIsOneRule() {
    try (KubernetesClient agent = agentOf(NORTH)) {
      List<ResourceRule> rules = Rights.rulesOf(agent, NORTH);
      assertThat(rules).hasSize(1);
      assertThat(rules.getFirst().getResources()).containsExactly("secrets");
      assertThat(rules.getFirst().getResourceNames()).containsExactly("gw-state");
      assertThat(rules.getFirst().getVerbs()).containsExactlyInAnyOrder("get", "list", "watch");
      assertThat(Rights.rulesOf(agent, SOUTH)).isEmpty();
    }
  }

  @Test
  void givenTwoGateways_whenTheirPackagesAreTried_thenEachOpensItsOwnOnly() {
    String north = installation.ovpn(NORTH, "frank");
    String south = installation.ovpn(SOUTH, "frank");
    try (VpnClient client = new VpnClient().connect(north)) {
      assertThat(client.tunnelAddress()).startsWith("172.31.220.");
    }
    // the south's keys at the north's door: its handshake is not even answered
    String crossed = south.replaceFirst("(?m)^remote .*$", remote(north));
    try (VpnClient client = new VpnClient()) {
      client.dial(crossed);
      Office.await(
          "the refusal", () -> client.log().matches("(?s).*(Connection reset|TLS Error).*"));
      assertThat(client.log()).doesNotContain("Initialization Sequence Completed");
    }
  }

  private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable request) {
    assertThatThrownBy(request)
        .isInstanceOfSatisfying(
            KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(403));
  }

  /** By the token that the kubelet gave to the running agent. */
  private static KubernetesClient agentOf(String namespace) {
    return Rights.clientWith(
        cluster.client(),
        cluster
            .kubectl(
                "exec",
                "-n",
                namespace,
                "gw-0",
                "-c",
                "agent",
                "--",
                "cat",
                "/var/run/secrets/kubernetes.io/serviceaccount/token")
            .strip());
  }

  private static String remote(String ovpn) {
    return ovpn.lines().filter(line -> line.startsWith("remote ")).findFirst().orElseThrow();
  }

  private static String other(String namespace) {
    return Map.of(NORTH, SOUTH, SOUTH, NORTH).get(namespace);
  }

  private static void gateway(String namespace, String pool, int port) {
    cluster.namespace(namespace, "privileged");
    installation.applyText(
        """
        apiVersion: p2s.dev/v1alpha1
        kind: P2SGateway
        metadata: {name: gw, namespace: %1$s}
        spec:
          clientAddressPools: [%2$s]
          exposure: {type: NodePort, nodePort: %3$d}
        ---
        apiVersion: p2s.dev/v1alpha1
        kind: RootCertificate
        metadata: {name: root, namespace: %1$s}
        spec: {gatewayRef: {name: gw}, selfSigned: {}}
        ---
        apiVersion: p2s.dev/v1alpha1
        kind: ClientProfile
        metadata: {name: frank, namespace: %1$s}
        spec: {gatewayRef: {name: gw}}
        """
            .formatted(namespace, pool, port));
  }
}
