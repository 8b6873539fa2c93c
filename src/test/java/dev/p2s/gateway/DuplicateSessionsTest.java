package dev.p2s.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.dataplane.AgentReport;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which sessions of different pods have a newer one of the same user. */
class DuplicateSessionsTest {

  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

  @Test
  void givenAUserAtTwoPods_whenLookedAt_thenAllButTheNewestGo() {
    List<AgentReport> reports =
        List.of(
            report("office-0", session("a", "alice@example.com", 0), session("b", "bob", 0)),
            report("office-1", session("c", "Alice@example.com", 9), session("d", "carol", 5)),
            report("office-2", session("e", "alice@example.com", 3)));

    assertThat(DuplicateSessions.of(reports))
        .containsExactly(
            new DuplicateSessions("office-0", "a"), new DuplicateSessions("office-2", "e"));
  }

  @Test
  void givenTwoOfTheSameMoment_whenLookedAt_thenOneStaysWhateverTheOrder() {
    AgentReport one = report("office-0", session("a", "alice", 0));
    AgentReport other = report("office-1", session("c", "alice", 0));

    assertThat(DuplicateSessions.of(List.of(one, other)))
        .hasSize(1)
        .isEqualTo(DuplicateSessions.of(List.of(other, one)));
  }

  private static AgentReport report(String pod, AgentReport.Session... sessions) {
    return AgentReport.of(pod).sessions(List.of(sessions)).build();
  }

  private static AgentReport.Session session(String id, String user, int seconds) {
    return new AgentReport.Session(
        id,
        user,
        "Certificate",
        "OpenVPN",
        "192.0.2.7:4711",
        "172.31.0.2",
        NOON.plusSeconds(seconds),
        "",
        0,
        0,
        "",
        null,
        0,
        0,
        "");
  }
}
