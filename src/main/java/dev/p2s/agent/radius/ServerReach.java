package dev.p2s.agent.radius;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What is known of whether a server can be reached, from what it has answered and what not. Some
 * servers (NPS) leave Status-Server unanswered for good: those are judged by logins alone, and a
 * login may be unanswered because a person did not confirm it.
 *
 * @param answersProbes whether it has ever answered a Status-Server
 * @param missedProbes how many it has left unanswered since it last said anything
 * @param unanswered how many logins it has left unanswered since it last said anything
 * @param closedAt when its host last said that nobody listens; null where it has answered since
 * @param lastSilence when a login was last left unanswered; null where it has answered since
 */
record ServerReach(
    boolean answersProbes,
    int missedProbes,
    int unanswered,
    Instant closedAt,
    Instant lastSilence) {

  /** So many probes or logins in a row mean more than a lost packet. */
  static final int TOLERATED = 2;

  /** So many probes in a row, about an hour, can also mean that it answers none any more. */
  static final int FORGOTTEN = 720;

  /** How long what is not probed is believed. */
  static final Duration BELIEVED = Duration.ofSeconds(60);

  /** How long a closed port is believed to be closed where nothing else is heard. */
  static final Duration CLOSED = Duration.ofSeconds(15);

  /** Nothing is known: it is asked like one that answers. */
  static final ServerReach UNKNOWN = new ServerReach(false, 0, 0, null, null);

  /** In the order in which servers are preferred. */
  enum Grade {
    GOOD,
    DOUBTFUL,
    AWAY
  }

  ServerReach probeAnswered() {
    return new ServerReach(true, 0, 0, null, null);
  }

  ServerReach probeMissed() {
    return new ServerReach(answersProbes, missedProbes + 1, unanswered, closedAt, lastSilence);
  }

  ServerReach loginAnswered() {
    return new ServerReach(answersProbes, 0, 0, null, null);
  }

  ServerReach loginUnanswered(Instant now) {
    return new ServerReach(answersProbes, missedProbes, unanswered + 1, closedAt, now);
  }

  ServerReach closed(Instant now) {
    return new ServerReach(answersProbes, missedProbes, unanswered, now, lastSilence);
  }

  Grade grade(Instant now) {
    boolean closed = closedAt != null && now.isBefore(closedAt.plus(CLOSED));
    if (closed || (answersProbes && missedProbes >= TOLERATED && missedProbes < FORGOTTEN)) {
      return Grade.AWAY;
    }
    if (answersProbes && missedProbes >= FORGOTTEN) {
      return Grade.DOUBTFUL;
    }
    boolean silent = lastSilence != null && now.isBefore(lastSilence.plus(BELIEVED));
    // a probe that is answered says that silence was a person's
    return !answersProbes && silent && unanswered >= TOLERATED ? Grade.DOUBTFUL : Grade.GOOD;
  }

  /**
   * Which server a login goes to, decided before it is sent, since it never moves: the best grade,
   * then the highest score, then the order of the spec. Empty where all are known to be away.
   */
  static Optional<RadiusServer> next(
      List<RadiusServer> servers, Function<RadiusServer, ServerReach> reach, Instant now) {
    return servers.stream()
        .filter(server -> reach.apply(server).grade(now) != Grade.AWAY)
        .min(
            Comparator.comparing((RadiusServer server) -> reach.apply(server).grade(now))
                .thenComparing(Comparator.comparingInt(RadiusServer::score).reversed()));
  }
}
