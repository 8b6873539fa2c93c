package dev.p2s.agent.state;

import java.time.Instant;

/**
 * A state and how it came here.
 *
 * @param observed when its source said so: now for the API, the projection's time for the mounted
 *     Secret, the time of the original observation for the agent's own copy
 */
public record StateCandidate(StateBundle bundle, Source source, Instant observed) {

  /** In the order of trust. */
  public enum Source {
    /** What this agent applied before it was restarted. */
    LAST_GOOD,
    /** The Secret as kubelet projected it; up to a minute old. */
    MOUNTED,
    /** The Secret as the API server tells it. */
    API
  }

  /**
   * Whether this one takes the place of the state in force. The API is right whenever it speaks;
   * without it the higher generation is newer, then the later observation: so a restart during an
   * outage never brings a revoked certificate back.
   */
  public boolean supersedes(StateCandidate inForce) {
    if (inForce == null || source == Source.API) {
      return true;
    }
    if (inForce.source() == Source.API) {
      return false;
    }
    long generation = bundle.state().generation();
    long other = inForce.bundle().state().generation();
    return generation != other ? generation > other : observed.isAfter(inForce.observed());
  }
}
