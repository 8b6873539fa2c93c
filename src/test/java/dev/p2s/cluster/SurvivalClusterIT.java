package dev.p2s.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Sessions outlive what manages them: each test lets something die or change beside a session with
 * traffic. Afterwards the session is the same, known to the operator, and can be revoked.
 */
class SurvivalClusterIT {

  private static final String PROFILE = "survivor";

  private static Office office;
  private VpnClient client;
  private Traffic traffic;
  private String gatewayPod;
  private List<String> sessions;
  private int serverRestarts;

  @BeforeAll
  static void anOffice() {
    office = Office.ready();
  }

  @BeforeEach
  void aSessionWithTraffic() {
    office.profile(PROFILE);
    client = new VpnClient().connect(office.ovpn(PROFILE));
    traffic = Traffic.start(client, office.echoAddress());
    traffic.awaitReplies(5);
    gatewayPod = office.pod().getMetadata().getUid();
    sessions = office.sessions();
    serverRestarts = office.container("openvpn").getRestartCount();
    assertThat(sessions).hasSize(1);
  }

  @AfterEach
  void nothingIsLeft() {
    if (client != null) {
      client.close();
    }
    office.delete(PROFILE);
  }

  @Test
  void givenASession_whenTheOperatorsPodIsDeleted_thenItGoesOn() {
    office
        .cluster()
        .client()
        .pods()
        .inNamespace(Installation.NAMESPACE)
        .withLabel("app.kubernetes.io/name", "p2s-gateway-operator")
        .delete();
    traffic.awaitReplies(25);
    office
        .cluster()
        .kubectl(
            "-n",
            Installation.NAMESPACE,
            "rollout",
            "status",
            "deployment/" + Installation.RELEASE);

    sameSessionThatCanBeRevoked();
  }

  @Test
  void givenASession_whenTheAgentsContainerIsKilled_thenItGoesOn() {
    int restarts = office.container("agent").getRestartCount();

    office.kill("agent");
    Office.await(
        "the agent to be started anew",
        () ->
            office.container("agent").getRestartCount() > restarts
                && office.container("agent").getReady());
    traffic.awaitReplies(10);

    sameSessionThatCanBeRevoked();
  }

  @Test
  void givenASession_whenNetdIsKilled_thenItGoesOn() {
    int restarts = office.container("netd").getRestartCount();

    office.kill("netd");
    Office.await(
        "netd to be started anew",
        () ->
            office.container("netd").getRestartCount() > restarts
                && office.container("netd").getState().getRunning() != null);
    traffic.awaitReplies(10);

    sameSessionThatCanBeRevoked();
  }

  @Test
  void givenASession_whenTheChartIsUpgradedWithTheSameImages_thenItGoesOn() {
    office.installation().helmUpgrade("--set", "resources.requests.cpu=55m");
    traffic.awaitReplies(10);

    sameSessionThatCanBeRevoked();
    office.installation().helmUpgrade();
  }

  private void sameSessionThatCanBeRevoked() {
    assertThat(office.pod().getMetadata().getUid()).isEqualTo(gatewayPod);
    assertThat(office.container("openvpn").getRestartCount()).isEqualTo(serverRestarts);
    assertThat(office.sessions()).isEqualTo(sessions);
    assertThat(client.log().split("Initialization Sequence Completed", -1)).hasSize(2);
    assertThat(traffic.longestGap()).isLessThan(2);
    Office.await("the operator to know the session", () -> office.connections() == 1);

    office.delete(PROFILE);

    traffic.awaitSilence();
    assertThat(office.sessions()).isEmpty();
    Office.await("the person to be told", () -> client.log().contains("has been revoked"));
  }
}
