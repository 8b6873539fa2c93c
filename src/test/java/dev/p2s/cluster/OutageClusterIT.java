package dev.p2s.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The API server is away: a gateway goes on by the last state that it was given, through a crash of
 * its agent too. Time budget: 2 min beside the installation; in full 20 min.
 */
@Tag(Endurance.TAG)
class OutageClusterIT {

  private static final String NEWCOMER = "newcomer";

  private Office office;
  private LiveSession session;
  private String echo;

  @BeforeEach
  void aSessionWithTraffic() {
    office = Office.ready();
    office.profile("latecomer");
    office.profile("outcast");
    session = LiveSession.start(office, "survivor");
  }

  @AfterEach
  void nothingIsLeft() {
    if (session != null) {
      session.close();
    }
    office.delete("latecomer");
    office.delete("outcast");
    office.delete(NEWCOMER);
  }

  @Test
  void givenASession_whenTheApiServerIsAway_thenItAndNewOnesGoOnByTheLastState() {
    String latecomers = office.ovpn("latecomer");
    String outcasts = office.ovpn("outcast");
    office.delete("outcast");
    echo = office.echoAddress();
    // the gateway has the newest state when it has told the outcast
    try (VpnClient client = new VpnClient()) {
      client.dial(outcasts);
      told(client);
    }
    String agent = office.containerId("agent");

    try (ApiOutage outage = ApiOutage.begin(office.cluster())) {
      Instant end = Instant.now().plus(Endurance.apiOutage());
      connects(latecomers);
      refused(outcasts);
      office.killById(agent);
      session.traffic().awaitReplies(10);
      // the agent that is started anew has nobody to ask but what it kept
      connects(latecomers);
      refused(outcasts);
      while (Instant.now().isBefore(end)) {
        session.traffic().awaitReplies(25);
        connects(latecomers);
      }
    }

    // the operator ended when it could not renew its lease; the kubelet's patience with it varies
    office.profile(NEWCOMER);
    Office.await(
        "an operator that writes",
        Endurance.patience(),
        () ->
            Installation.holds(
                office.installation().profile(Office.NAMESPACE, NEWCOMER).getStatus().conditions(),
                "Ready"));
    Office.await("the kubelet's word", () -> !office.containerId("agent").equals(agent));
    office.awaitReady();
    session.isTheSameAndCanBeRevoked();
  }

  /** A new connection that gets through, and ends. */
  private void connects(String ovpn) {
    try (VpnClient client = new VpnClient().connect(ovpn)) {
      client.run("ping", "-c", "2", "-W", "2", echo);
      client.hangUp();
    }
  }

  private static void refused(String ovpn) {
    try (VpnClient client = new VpnClient()) {
      client.dial(ovpn);
      told(client);
      assertThat(client.log()).doesNotContain("Initialization Sequence Completed");
    }
  }

  private static void told(VpnClient client) {
    Office.await("the refusal", () -> client.log().contains("has been revoked"));
  }
}
