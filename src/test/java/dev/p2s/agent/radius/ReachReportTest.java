package dev.p2s.agent.radius;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.dataplane.AgentReport.Reach;
import java.net.InetAddress;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the operator is told of a server, and that it is not told every few seconds. */
class ReachReportTest {

  private static final Instant NOW = Instant.parse("2026-11-23T12:34:56Z");
  private static final RadiusServer SERVER =
      new RadiusServer(InetAddress.ofLiteral("10.1.0.4"), 1812, 1813, 30, new byte[] {1});

  @Test
  void givenAnswers_whenReported_thenToTheHour() {
    ServerReach answers = ServerReach.UNKNOWN.probeAnswered();

    assertThat(ReachReport.of(SERVER, answers, Optional.of(NOW), NOW))
        .isEqualTo(ReachReport.of(SERVER, answers, Optional.of(NOW.plusSeconds(60)), NOW))
        .satisfies(
            told -> {
              assertThat(told.address()).isEqualTo("10.1.0.4");
              assertThat(told.reach()).isEqualTo(Reach.ANSWERS);
              assertThat(told.lastReply()).isEqualTo(Instant.parse("2026-11-23T12:00:00Z"));
            });
  }

  @Test
  void givenAServerThatStops_whenReported_thenSilentSinceThen() {
    ServerReach stopped = ServerReach.UNKNOWN.probeAnswered().probeMissed().probeMissed();

    assertThat(ReachReport.of(SERVER, stopped, Optional.of(NOW), NOW.plusSeconds(10)))
        .satisfies(
            told -> {
              assertThat(told.reach()).isEqualTo(Reach.SILENT);
              assertThat(told.lastReply()).isEqualTo(NOW);
            });
  }

  @Test
  void givenNoAnswerEver_whenReported_thenOnlyALoginSaysThatItIsSilent() {
    ServerReach once = ServerReach.UNKNOWN.probeMissed();
    ServerReach thrice = once.probeMissed().probeMissed();

    assertThat(reach(once)).isEqualTo(Reach.UNKNOWN);
    assertThat(reach(thrice)).isEqualTo(Reach.UNHEARD);
    assertThat(reach(thrice.loginUnanswered(NOW))).isEqualTo(Reach.SILENT);
  }

  private static Reach reach(ServerReach known) {
    return ReachReport.of(SERVER, known, Optional.empty(), NOW).reach();
  }
}
