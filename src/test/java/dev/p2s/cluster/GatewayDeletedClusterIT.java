package dev.p2s.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The end of a gateway, and of a namespace with one. Time budget: 90 s beside the start of the
 * cluster.
 */
class GatewayDeletedClusterIT {

  private static final String NAMESPACE = "branch";

  // a NodePort of its own, since 443 of the node is the samples' gateway's
  private static final String GATEWAY =
      """
      apiVersion: p2s.dev/v1alpha1
      kind: P2SGateway
      metadata: {name: branch, namespace: branch}
      spec:
        clientAddressPools: [172.31.210.0/24]
        exposure: {type: NodePort, nodePort: 31443}
      """;

  private static final String PEOPLE =
      """
      apiVersion: p2s.dev/v1alpha1
      kind: RootCertificate
      metadata: {name: branch-root, namespace: branch}
      spec:
        gatewayRef: {name: branch}
        selfSigned: {}
      ---
      apiVersion: p2s.dev/v1alpha1
      kind: ClientProfile
      metadata: {name: erin, namespace: branch}
      spec: {gatewayRef: {name: branch}}
      """;

  private static final Set<String> OF_EVERY_NAMESPACE =
      Set.of("configmap/kube-root-ca.crt", "serviceaccount/default");

  /** What a person wrote, and what packages stand on. */
  private static final Set<String> STAYS =
      Set.of(
          "rootcertificate.p2s.dev/branch-root",
          "clientprofile.p2s.dev/erin",
          "secret/erin-vpn",
          "secret/branch-server-ca",
          "secret/branch-tls-auth",
          "secret/branch-root-key",
          "secret/branch-root-issued");

  private static TestCluster cluster;
  private static Installation installation;
  private static Inventory inventory;

  @BeforeAll
  static void install() {
    cluster = TestCluster.shared();
    installation = new Installation(cluster).install();
    inventory = new Inventory(cluster);
  }

  @BeforeEach
  void aNamespace() {
    cluster.namespace(NAMESPACE, "privileged");
  }

  @AfterEach
  void isGone() {
    cluster.kubectl("delete", "namespace", NAMESPACE, "--ignore-not-found", "--timeout=180s");
  }

  @Test
  void
      givenAGateway_whenItIsDeletedAndAppliedAgain_thenOnlyKeptSecretsStayAndTheOldPackageConnects() {
    Set<String> clusterBefore = inventory.ofCluster();
    installation.applyText(GATEWAY + "---\n" + PEOPLE);
    installation.awaitReady(NAMESPACE, "branch");
    String handedOut = installation.ovpn(NAMESPACE, "erin");
    assertThat(inventory.ofNamespace(NAMESPACE))
        .contains(
            "statefulset.apps/branch",
            "secret/branch-state",
            "role.rbac.authorization.k8s.io/branch-agent")
        .containsAll(STAYS);

    cluster.kubectl("delete", "p2sgateway", "branch", "-n", NAMESPACE, "--timeout=60s");

    Set<String> expected = new TreeSet<>(STAYS);
    expected.addAll(OF_EVERY_NAMESPACE);
    Office.await(
        "the gateway's objects to go",
        () -> inventory.ofNamespace(NAMESPACE).size() <= expected.size());
    assertThat(inventory.ofNamespace(NAMESPACE)).isEqualTo(expected);
    assertThat(inventory.ofCluster()).isEqualTo(clusterBefore);

    installation.applyText(GATEWAY);
    installation.awaitReady(NAMESPACE, "branch");
    try (VpnClient erin = new VpnClient().connect(handedOut)) {
      assertThat(erin.tunnelAddress()).startsWith("172.31.210.");
    }
    assertThat(installation.ovpn(NAMESPACE, "erin")).isEqualTo(handedOut);
  }

  @Test
  void givenANamespaceWithAGateway_whenItIsDeleted_thenNothingHoldsItBack() {
    installation.applyText(GATEWAY + "---\n" + PEOPLE);
    installation.awaitReady(NAMESPACE, "branch");
    installation.awaitPackage(NAMESPACE, "erin");

    cluster.kubectl("delete", "namespace", NAMESPACE, "--wait=false");

    Office.await(
        "the namespace's end",
        () -> cluster.client().namespaces().withName(NAMESPACE).get() == null);
  }

  @Test
  void givenProfilesWithoutTheirGateway_whenTheNamespaceIsDeleted_thenNothingHoldsItBack() {
    installation.applyText(PEOPLE);
    installation.await(
        "the verdict on erin",
        NAMESPACE,
        () ->
            installation.profile(NAMESPACE, "erin").getStatus().conditions().stream()
                .anyMatch(c -> c.getReason().equals("GatewayNotFound")));

    cluster.kubectl("delete", "namespace", NAMESPACE, "--wait=false");

    Office.await(
        "the namespace's end",
        () -> cluster.client().namespaces().withName(NAMESPACE).get() == null);
  }
}
