package dev.p2s.agent.radius;

import dev.p2s.dataplane.AgentReport.RadiusReach;
import dev.p2s.dataplane.AgentReport.Reach;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * What the operator is told of a server. It stays the same as long as nothing turns: who answers is
 * told of by the hour.
 */
final class ReachReport {

  /** So many unanswered questions make a sentence. */
  static final int TRIES = 3;

  private ReachReport() {}

  static RadiusReach of(
      RadiusServer server, ServerReach known, Optional<Instant> lastReply, Instant now) {
    Reach reach = reach(known, lastReply.isPresent(), now);
    ChronoUnit precision = reach == Reach.ANSWERS ? ChronoUnit.HOURS : ChronoUnit.SECONDS;
    return new RadiusReach(
        server.toString(), reach, lastReply.map(at -> at.truncatedTo(precision)).orElse(null));
  }

  private static Reach reach(ServerReach known, boolean heard, Instant now) {
    if (heard) {
      return known.grade(now) == ServerReach.Grade.GOOD ? Reach.ANSWERS : Reach.SILENT;
    }
    int tries = known.missedProbes() + known.unanswered();
    if (tries < TRIES) {
      return Reach.UNKNOWN;
    }
    return known.unanswered() > 0 ? Reach.SILENT : Reach.UNHEARD;
  }
}
