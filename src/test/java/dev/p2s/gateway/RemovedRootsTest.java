package dev.p2s.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.dataplane.AgentReport;
import dev.p2s.dataplane.GatewayState.TrustedRoot;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who removes a root is told how many sessions that ended. */
class RemovedRootsTest {

  private static final TrustedRoot OFFICE = new TrustedRoot("office", "a".repeat(64), "pem");
  private static final TrustedRoot PARTNERS = new TrustedRoot("partners", "b".repeat(64), "pem");

  @Test
  void givenARootThatHasGone_whenTold_thenTheSessionsOfAllPodsThatCameInByItAreCounted() {
    List<Condition> told =
        RemovedRoots.told(
            List.of(OFFICE, PARTNERS),
            List.of(OFFICE),
            List.of(
                report("gw-0", session(OFFICE), session(PARTNERS), session(null)),
                report("gw-1", session(PARTNERS))));

    assertThat(told).hasSize(1);
    assertThat(told.getFirst().getReason()).isEqualTo("RootRemoved");
    assertThat(told.getFirst().getMessage())
        .contains("partners (SHA-256 bbbb")
        .contains("2 sessions that came in by it end;");
  }

  @Test
  void givenARootThatIsReplacedUnderItsName_whenTold_thenTheOldOneHasGone() {
    TrustedRoot renewed = new TrustedRoot("partners", "c".repeat(64), "pem");

    assertThat(RemovedRoots.told(List.of(PARTNERS), List.of(renewed), List.of()))
        .extracting(Condition::getMessage)
        .singleElement()
        .asString()
        .contains("bbbb")
        .contains("no session had come in by it");
  }

  @Test
  void givenTheSameRoots_whenTold_thenNothingIs() {
    assertThat(RemovedRoots.told(List.of(OFFICE), List.of(OFFICE, PARTNERS), List.of())).isEmpty();
  }

  private static AgentReport report(String pod, AgentReport.Session... sessions) {
    return AgentReport.of(pod).sessions(List.of(sessions)).build();
  }

  private static AgentReport.Session session(TrustedRoot root) {
    return new AgentReport.Session(
        "1",
        "alice",
        "Certificate",
        "OpenVPN",
        "192.0.2.7:1",
        "10.8.0.9",
        Instant.EPOCH,
        "",
        0,
        0,
        null,
        null,
        0,
        0,
        root == null ? null : root.sha256());
  }
}
