package dev.p2s.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.api.v1alpha1.P2SGateway;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * IKEv2 and OpenVPN on one gateway, in a cluster of its own: stock strongSwan outside the cluster,
 * configured by the package alone. Time budget: 4 min with the installation.
 */
class Ikev2ClusterIT {

  private static final String VPN = "vpn";

  private static final String OBJECTS =
      """
      apiVersion: p2s.dev/v1alpha1
      kind: P2SGateway
      metadata: {name: office, namespace: vpn}
      spec:
        sku: {custom: {connections: 2}}
        tunnelTypes: [IKEv2, OpenVPN]
        clientAddressPools: [172.31.200.0/24]
        exposure: {type: HostPort}
      ---
      apiVersion: p2s.dev/v1alpha1
      kind: RootCertificate
      metadata: {name: office-root, namespace: vpn}
      spec:
        gatewayRef: {name: office}
        selfSigned: {commonName: Office VPN root}
      """;

  private static TestCluster cluster;
  private static Installation installation;
  private static StrongSwanClient alice;

  @BeforeAll
  static void aGatewayOfBothProtocols() {
    cluster = TestCluster.start("ikev2", false);
    installation = new Installation(cluster).install();
    cluster.namespace(VPN, "privileged");
    installation.apply("samples/workload.yaml");
    installation.applyText(OBJECTS);
    for (String person : List.of("alice", "bob", "carol")) {
      installation.applyText(profile(person, false));
    }
    installation.awaitReady(VPN, "office");
    cluster.kubectl("rollout", "status", "deployment/echo", "-n", VPN, "--timeout=60s");
    alice = new StrongSwanClient();
  }

  @AfterEach
  void everybodyIsOut() {
    alice.hangUp();
    installation.applyText(profile("alice", false));
    Office.await("an empty gateway", () -> connected() == 0);
  }

  @AfterAll
  static void end() {
    if (alice != null) {
      alice.close();
    }
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void givenThePackageAlone_whenStrongSwanDials_thenServicesAndPodsAnswer() {
    alice.connect(zip("alice"));

    assertThat(alice.run("curl", "-sS", "-m", "10", "http://" + serviceAddress()))
        .startsWith("pod=echo");
    Traffic.start(alice, podAddress()).awaitReplies(5);
    Office.await("the status to count alice", () -> connected() == 1);
    assertThat(sessions()).contains("\"protocol\":\"IKEv2\"");
  }

  @Test
  void givenASession_whenItsProfileIsSuspended_thenItEndsAndCannotComeBackUntilItIsLifted() {
    alice.connect(zip("alice"));
    Traffic traffic = Traffic.start(alice, podAddress());
    traffic.awaitReplies(5);
    byte[] handedOut = zip("alice");

    installation.applyText(profile("alice", true));

    traffic.awaitSilence();
    alice.awaitDisconnected();
    assertThat(alice.dial(handedOut)).contains("AUTHENTICATION_FAILED");
    installation.applyText(profile("alice", false));
    Office.await(
        "alice is welcome again",
        () -> alice.dial(handedOut).contains("initiate completed successfully"));
  }

  @Test
  void givenTheLimit_whenOpenVpnHasTakenAllOfIt_thenIkev2IsRefused() {
    try (VpnClient bob = new VpnClient();
        VpnClient carol = new VpnClient()) {
      bob.connect(installation.ovpn(VPN, "bob"));
      carol.connect(installation.ovpn(VPN, "carol"));

      alice.dial(zip("alice"));

      alice.awaitDisconnected();
      assertThat(sessions()).doesNotContain("IKEv2");
      bob.hangUp();
      Office.await(
          "room for alice",
          () -> {
            alice.dial(zip("alice"));
            return sessions().contains("IKEv2");
          });
    }
  }

  @Test
  void givenTraffic_whenTheAgentIsKilled_thenItGoesOnAndCanStillBeRevoked() {
    alice.connect(zip("alice"));
    Traffic traffic = Traffic.start(alice, podAddress());
    traffic.awaitReplies(5);

    kill("agent");
    traffic.awaitReplies(15);
    installation.awaitReady(VPN, "office");
    traffic.awaitReplies(15);

    assertThat(traffic.longestGap()).isLessThan(2);
    assertThat(alice.connections()).contains("ESTABLISHED");
    installation.applyText(profile("alice", true));
    traffic.awaitSilence();
    alice.awaitDisconnected();
  }

  @Test
  void givenASession_whenTheRootIsRemovedAndAddedLive_thenItEndsAndAnotherBegins() {
    installation.applyText(root("partners"));
    installation.applyText(profile("dave", false).replace("office-root", "partners"));
    byte[] dave = zip("dave");
    Office.await(
        "dave's root counts", () -> alice.dial(dave).contains("initiate completed successfully"));
    Traffic traffic = Traffic.start(alice, podAddress());
    traffic.awaitReplies(5);

    cluster.kubectl("-n", VPN, "delete", "rootcertificate", "partners");

    traffic.awaitSilence();
    alice.awaitDisconnected();
    assertThat(alice.dial(dave)).contains("AUTHENTICATION_FAILED");
  }

  @Test
  void givenASession_whenThePolicyIsHardenedLive_thenItGoesOnAndTheNextOneIsHardened() {
    alice.connect(zip("alice"));
    byte[] before = zip("alice");
    Traffic traffic = Traffic.start(alice, podAddress());
    traffic.awaitReplies(5);
    assertThat(alice.connections()).contains("MODP_2048_256");
    try {
      patch("{\"spec\":{\"ipsecPreset\":\"Hardened\"}}");
      installation.awaitReady(VPN, "office");
      traffic.awaitReplies(10);
      assertThat(traffic.longestGap()).isLessThan(2);

      alice.hangUp();
      Office.await(
          "the hardened policy",
          () -> {
            alice.dial(before);
            String connection = alice.connections();
            alice.hangUp();
            return connection.contains("MODP_2048") && !connection.contains("MODP_2048_256");
          });
    } finally {
      patch("{\"spec\":{\"ipsecPreset\":null}}");
    }
  }

  private static byte[] zip(String profile) {
    installation.awaitPackage(VPN, profile);
    return Base64.getDecoder()
        .decode(
            cluster
                .client()
                .secrets()
                .inNamespace(VPN)
                .withName(profile + "-vpn")
                .get()
                .getData()
                .get("package.zip"));
  }

  private static String profile(String person, boolean suspended) {
    return """
    apiVersion: p2s.dev/v1alpha1
    kind: ClientProfile
    metadata: {name: %1$s, namespace: vpn}
    spec:
      gatewayRef: {name: office}
      user: %1$s@example.com
      suspended: %2$s
      certificate: {issued: {rootRef: {name: office-root}}}
    """
        .formatted(person, suspended);
  }

  private static String root(String name) {
    return """
    apiVersion: p2s.dev/v1alpha1
    kind: RootCertificate
    metadata: {name: %s, namespace: vpn}
    spec:
      gatewayRef: {name: office}
      selfSigned: {commonName: %s}
    """
        .formatted(name, name);
  }

  private static void patch(String json) {
    cluster.kubectl("-n", VPN, "patch", "p2sgateway", "office", "--type=merge", "-p", json);
  }

  private static int connected() {
    P2SGateway office = installation.gateway(VPN, "office");
    String connected = office.getStatus().connected();
    return connected == null ? 0 : Integer.parseInt(connected.split("/")[0]);
  }

  /** What the agent keeps of its sessions. */
  private static String sessions() {
    return cluster.kubectl(
        "-n",
        VPN,
        "exec",
        "office-0",
        "-c",
        "agent",
        "--",
        "sh",
        "-c",
        "cat /run/p2s/agent/sessions/*.json 2>/dev/null || true");
  }

  private static String serviceAddress() {
    return cluster
        .client()
        .services()
        .inNamespace(VPN)
        .withName("echo")
        .get()
        .getSpec()
        .getClusterIP();
  }

  private static String podAddress() {
    return cluster
        .client()
        .pods()
        .inNamespace(VPN)
        .withLabel("app", "echo")
        .list()
        .getItems()
        .getFirst()
        .getStatus()
        .getPodIP();
  }

  private static void kill(String container) {
    var status = cluster.client().pods().inNamespace(VPN).withName("office-0").get().getStatus();
    String id =
        Stream.concat(
                status.getContainerStatuses().stream(), status.getInitContainerStatuses().stream())
            .filter(one -> one.getName().equals(container))
            .map(ContainerStatus::getContainerID)
            .findFirst()
            .orElseThrow()
            .replaceFirst("^.*://", "");
    cluster.onNode("ctr", "-n", "k8s.io", "task", "kill", "-s", "SIGKILL", id);
  }
}
