package dev.p2s.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Who has logged in with a password goes to another pod of the gateway without being asked again,
 * neither they nor the RADIUS server. Time budget: 90 s beside the installation.
 */
class RejoinClusterIT {

  private static final String NAMESPACE = "vpn-rejoin";
  private static final String GATEWAY = "two";

  private static TestCluster cluster;
  private static Installation installation;
  private static RadiusMachine server;

  @BeforeAll
  static void aGatewayOfTwoPods() {
    cluster = TestCluster.shared();
    installation = new Installation(cluster).install();
    installation.apply("samples/namespace.yaml");
    installation.apply("samples/workload.yaml");
    cluster.namespace(NAMESPACE, "privileged");
    server = new RadiusMachine();
    installation.applyText(
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: radius, namespace: %1$s}
        stringData: {shared: "%2$s"}
        ---
        apiVersion: p2s.dev/v1alpha1
        kind: P2SGateway
        metadata: {name: %3$s, namespace: %1$s}
        spec:
          clientAddressPools: [172.31.213.0/24]
          exposure: {type: NodePort, nodePort: 31213}
          openVpn: {processes: 1}
          scaling: {replicas: 2}
          authenticationTypes: [RADIUS]
          radius:
            passwordProtocol: PAP
            timeoutSeconds: 5
            servers: [{address: %4$s, secretRef: {name: radius, key: shared}}]
        ---
        apiVersion: p2s.dev/v1alpha1
        kind: ClientProfile
        metadata: {name: people, namespace: %1$s}
        spec:
          gatewayRef: {name: %3$s}
        """
            .formatted(NAMESPACE, RadiusMachine.SECRET, GATEWAY, server.address()));
    installation.awaitReady(NAMESPACE, GATEWAY);
  }

  @AfterAll
  static void nothingIsLeft() {
    server.close();
    cluster.kubectl("delete", "namespace", NAMESPACE, "--wait=false");
  }

  @Test
  void givenSomebodyWithAPassword_whenTheirPodEnds_thenInAtTheOtherAndNobodyIsAskedAgain() {
    try (VpnClient alice = new VpnClient()) {
      alice.connectAs(installation.ovpn(NAMESPACE, "people"), "alice", RadiusMachine.ALICE);
      Office.await("the pod that has her", () -> hasAdmitted(0) || hasAdmitted(1));
      int first = hasAdmitted(0) ? 0 : 1;
      assertThat(server.accepted("alice")).isEqualTo(1);

      cluster.kubectl("-n", NAMESPACE, "delete", "pod", pod(first), "--wait=false");

      Office.await("her at the other pod", Duration.ofMinutes(2), () -> hasAdmitted(1 - first));
      Office.await(
          "her tunnel",
          () -> alice.log().split("Initialization Sequence Completed", -1).length > 2);
      alice.run("dig", "+short", "+time=3", "@10.245.0.10", "kubernetes.default.svc.cluster.local");
      assertThat(server.accepted("alice")).as("logins at the server").isEqualTo(1);
      assertThat(alice.log()).doesNotContain("AUTH_FAILED");
    }
  }

  private static boolean hasAdmitted(int ordinal) {
    return cluster
        .tool("kubectl", "logs", "-n", NAMESPACE, pod(ordinal), "-c", "agent")
        .output()
        .lines()
        .anyMatch(line -> line.contains("\"event\":\"admitted\"") && line.contains("\"alice\""));
  }

  private static String pod(int ordinal) {
    return GATEWAY + "-" + ordinal;
  }
}
