package dev.p2s.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * People who confirm their login after more than a minute: OpenVPN's own patience ends after 60 s,
 * and networks forget a flow without an answer after 30. Time budget: 2 min and the installation.
 */
class LateAnswerClusterIT {

  private static final String NAMESPACE = "vpn-late";
  private static final String GATEWAY = "late";

  private static TestCluster cluster;
  private static Installation installation;
  private static RadiusMachine server;

  @BeforeAll
  static void aGatewayWhoseLoginsMayTakeNinetySeconds() {
    cluster = TestCluster.shared();
    installation = new Installation(cluster).install();
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
          clientAddressPools: [172.31.212.0/24]
          exposure: {type: NodePort, nodePort: 31212}
          authenticationTypes: [RADIUS]
          radius:
            passwordProtocol: PAP
            timeoutSeconds: 90
            accounting: true
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
  void givenPeopleWhoConfirmLate_whenDialled_thenInByOneRequestEach() {
    String told = installation.ovpn(NAMESPACE, "people");
    assertThat(told).contains("\nhand-window 105\n");
    try (VpnClient alice = new VpnClient();
        VpnClient erin = new VpnClient();
        VpnClient frank = new VpnClient()) {
      alice.connectAs(told, "alice", RadiusMachine.ALICE);
      erin.dialAs(told, "slow-erin", "erin-secret");
      // one whose package says nothing of it is told by the server
      frank.dialAs(told.replace("hand-window 105\n", ""), "slow-frank", "frank-secret");

      for (VpnClient each : List.of(erin, frank)) {
        Awaitility.await("a tunnel after a late answer")
            .atMost(Duration.ofSeconds(150))
            .pollInterval(Duration.ofSeconds(1))
            .until(() -> each.log().contains("Initialization Sequence Completed"));
      }
      assertThat(server.accepted("slow-erin")).isEqualTo(1);
      assertThat(server.accepted("slow-frank")).isEqualTo(1);
      // Acct-Interim-Interval is 60 s for alice
      server.awaitAccount("alice", "Interim-Update", "by=RADIUS");
    }
  }
}
