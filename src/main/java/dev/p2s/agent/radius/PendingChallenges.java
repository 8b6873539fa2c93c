package dev.p2s.agent.radius;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Challenges that people have yet to answer: each once, soon, and by the one who was asked. */
final class PendingChallenges {

  /** Time to look for a phone and to type. */
  static final Duration VALIDITY = Duration.ofMinutes(3);

  static final int LIMIT = 10_000;

  /**
   * @param server whom the answer goes to
   * @param state what that server wants back
   */
  record Pending(String user, RadiusServer server, byte[] state, Instant until) {}

  private final Map<String, Pending> byId = new LinkedHashMap<>();

  synchronized void add(String id, Pending pending) {
    byId.put(id, pending);
    if (byId.size() > LIMIT) {
      byId.remove(byId.keySet().iterator().next());
    }
  }

  /** The challenge, which is over with this. */
  synchronized Optional<Pending> take(String id, String user, Instant now) {
    byId.values().removeIf(pending -> !now.isBefore(pending.until()));
    return Optional.ofNullable(byId.get(id))
        .filter(pending -> pending.user().equals(user))
        .map(
            pending -> {
              byId.remove(id);
              return pending;
            });
  }
}
