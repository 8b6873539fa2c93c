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

  private static PasswordGateway gateway;

  @BeforeAll
  static void aGatewayWhoseLoginsMayTakeNinetySeconds() {
    gateway = PasswordGateway.open("vpn-late", "late", 212, 90, 1);
  }

  @AfterAll
  static void nothingIsLeft() {
    gateway.close();
  }

  @Test
  void givenPeopleWhoConfirmLate_whenDialled_thenInByOneRequestEach() {
    String told = gateway.ovpn();
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
      assertThat(gateway.server().accepted("slow-erin")).isEqualTo(1);
      assertThat(gateway.server().accepted("slow-frank")).isEqualTo(1);
      // Acct-Interim-Interval is 60 s for alice
      gateway.server().awaitAccount("alice", "Interim-Update", "by=RADIUS");
    }
  }
}
