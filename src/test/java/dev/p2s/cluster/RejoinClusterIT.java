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

  private static final String GATEWAY = "two";

  private static PasswordGateway gateway;

  @BeforeAll
  static void aGatewayOfTwoPods() {
    gateway = PasswordGateway.open("vpn-rejoin", GATEWAY, 213, 5, 2);
  }

  @AfterAll
  static void nothingIsLeft() {
    gateway.close();
  }

  @Test
  void givenSomebodyWithAPassword_whenTheirPodEnds_thenInAtTheOtherAndNobodyIsAskedAgain() {
    try (VpnClient alice = new VpnClient()) {
      alice.connectAs(gateway.ovpn(), "alice", RadiusMachine.ALICE);
      Office.await("the pod that has her", () -> hasAdmitted(0) || hasAdmitted(1));
      int first = hasAdmitted(0) ? 0 : 1;
      assertThat(gateway.server().accepted("alice")).isEqualTo(1);

      gateway
          .cluster()
          .kubectl("-n", gateway.namespace(), "delete", "pod", pod(first), "--wait=false");

      Office.await("her at the other pod", Duration.ofMinutes(2), () -> hasAdmitted(1 - first));
      Office.await(
          "her tunnel",
          () -> alice.log().split("Initialization Sequence Completed", -1).length > 2);
      alice.run("dig", "+short", "+time=3", "@10.245.0.10", "kubernetes.default.svc.cluster.local");
      assertThat(gateway.server().accepted("alice")).as("logins at the server").isEqualTo(1);
      assertThat(alice.log()).doesNotContain("AUTH_FAILED");
    }
  }

  private static boolean hasAdmitted(int ordinal) {
    return gateway
        .cluster()
        .tool("kubectl", "logs", "-n", gateway.namespace(), pod(ordinal), "-c", "agent")
        .output()
        .lines()
        .anyMatch(line -> line.contains("\"event\":\"admitted\"") && line.contains("\"alice\""));
  }

  private static String pod(int ordinal) {
    return GATEWAY + "-" + ordinal;
  }
}
