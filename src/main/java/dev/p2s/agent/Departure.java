package dev.p2s.agent;

import dev.p2s.agent.session.Ending;
import dev.p2s.agent.session.Session;
import dev.p2s.agent.session.SessionTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Sees this pod's clients off to the others before it ends. The pod's preStop hook ({@code p2s
 * leave}) asks for it by a file and waits for another one; the pod stays Ready meanwhile, since
 * failing readiness would cut UDP. Where there is no other pod, nobody gains from a wait.
 */
final class Departure {

  private static final Logger LOG = Logger.getLogger(Departure.class);

  /**
   * Until the nodes send the pod nothing new. Longer than an agent that fails its liveness probe is
   * given (5 s), so that its end moves nobody.
   */
  private static final Duration SETTLE = Duration.ofSeconds(6);

  /** At most this part of the clients a second, but always a few, so that no storm arises. */
  private static final int PART = 10;

  private static final int FEW = 5;

  private final Path asked;
  private final Path seen;
  private final Path done;
  private final PodShares share;
  private final SessionTable table;
  private final PolicyPoint policy;
  private final Clock clock;

  private Instant since;
  private int batch;

  /**
   * @param own the agent's own directory
   */
  Departure(Path own, PodShares share, SessionTable table, PolicyPoint policy, Clock clock) {
    this.asked = own.resolve("leave");
    this.seen = own.resolve("leaving");
    this.done = own.resolve("left");
    this.share = share;
    this.table = table;
    this.policy = policy;
    this.clock = clock;
  }

  /** An agent that starts has nothing to leave: what asked its predecessor was no pod's end. */
  void begin() throws IOException {
    for (Path file : List.of(asked, seen, done)) {
      Files.deleteIfExists(file);
    }
  }

  void tick() {
    if (Files.exists(done) || !Files.exists(asked)) {
      return;
    }
    try {
      if (since == null) {
        since = clock.instant();
        Files.writeString(seen, "");
        LOG.infof("leaving with %d sessions", table.size());
        share.leave();
        batch = Math.max(FEW, table.size() / PART);
      }
      if (!share.hasSiblings() || table.size() == 0) {
        Files.writeString(done, "");
        LOG.info("nobody is left");
      } else if (!clock.instant().isBefore(since.plus(SETTLE))) {
        table.all().stream().limit(batch).forEach(this::move);
      }
    } catch (IOException e) {
      LOG.errorf("the pod's end waits for nothing: %s", e.getMessage());
    }
  }

  private void move(Session session) {
    policy.evict(session, Ending.POD_LEAVES);
  }
}
