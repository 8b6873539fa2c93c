package dev.p2s.agent.revocation;

import java.time.Duration;
import java.time.Instant;

/**
 * When a list is fetched next: at the latest after five minutes, so that what is taken back counts
 * soon, and at half of the time that the list still holds, so that its successor is there before it
 * ends. What cannot be had is asked for again after 10 s, then ever later.
 */
final class FetchTimes {

  static final Duration SHORTEST = Duration.ofSeconds(10);
  static final Duration LONGEST = Duration.ofMinutes(5);

  private FetchTimes() {}

  /**
   * @param nextUpdate of the list that was just fetched
   */
  static Instant afterSuccess(Instant now, Instant nextUpdate) {
    return now.plus(bounded(Duration.between(now, nextUpdate).dividedBy(2)));
  }

  /**
   * @param failures one after the other, at least 1
   */
  static Instant afterFailure(Instant now, int failures) {
    return now.plus(bounded(SHORTEST.multipliedBy(1L << Math.min(failures - 1, 10))));
  }

  private static Duration bounded(Duration wanted) {
    if (wanted.compareTo(SHORTEST) < 0) {
      return SHORTEST;
    }
    return wanted.compareTo(LONGEST) > 0 ? LONGEST : wanted;
  }
}
