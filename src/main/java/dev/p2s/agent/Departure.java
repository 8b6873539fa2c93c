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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * Sees this pod's clients off to the others before it ends. The pod's preStop hook ({@code p2s
 * leave}) asks for it by a file, which says how many seconds there are, and waits for another one;
 * the pod stays Ready meanwhile, since failing readiness would cut UDP. Where there is no other pod
 * and none comes, nobody gains from a wait.
 */
final class Departure {

  private static final Logger LOG = Logger.getLogger(Departure.class);

  /**
   * Until the nodes send the pod nothing new. Longer than an agent that fails its liveness probe is
   * given (5 s), so that its end moves nobody.
   */
  private static final Duration SETTLE = Duration.ofSeconds(6);

  /** Until the nodes know of another pod that has just begun to take clients. */
  private static final Duration NOTICED = Duration.ofSeconds(2);

  /** A client that can move does it within this time. */
  private static final Duration ASK_AGAIN = Duration.ofSeconds(10);

  /** What is left of the pod's grace period when the servers let go of whoever could not move. */
  private static final Duration GOODBYE = Duration.ofSeconds(10);

  /** The grace period in seconds, where the hook of an earlier pod template does not say it. */
  private static final int DEFAULT_PATIENCE = 300;

  /** At most this part of the clients a second, but always a few, so that no storm arises. */
  private static final int PART = 10;

  private static final int FEW = 5;

  private final Path asked;
  private final Path seen;
  private final Path done;
  private final PodShares share;
  private final SessionTable table;
  private final PolicyPoint policy;
  private final Evictor servers;
  private final Clock clock;

  private final Map<String, Instant> askedAt = new HashMap<>();
  private Instant since;
  private Instant siblingsSince;
  private Duration patience;
  private int batch;

  /**
   * @param own the agent's own directory
   */
  Departure(
      Path own,
      PodShares share,
      SessionTable table,
      PolicyPoint policy,
      Evictor servers,
      Clock clock) {
    this.asked = own.resolve("leave");
    this.seen = own.resolve("leaving");
    this.done = own.resolve("left");
    this.share = share;
    this.table = table;
    this.policy = policy;
    this.servers = servers;
    this.clock = clock;
  }

  /** An agent that starts has nothing to leave: what asked its predecessor was no pod's end. */
  void begin() throws IOException {
    for (Path file : List.of(asked, seen, done)) {
      Files.deleteIfExists(file);
    }
  }

  /** Whether the client of a session was told of another pod's own address to go to. */
  boolean hasRedirected(Session session) {
    return askedAt.containsKey(session.id())
        && !share.of(session.seat().protocol()).elsewhere().isEmpty();
  }

  void tick() {
    if (Files.exists(done) || !Files.exists(asked)) {
      return;
    }
    try {
      if (since == null) {
        begin(Files.readString(asked).strip());
      }
      String over = isOver();
      if (!over.isEmpty()) {
        table.all().forEach(session -> policy.evict(session, Ending.POD_ENDED));
        Files.writeString(done, "");
        LOG.info(over);
      } else if (isTimeToMove()) {
        moveSome();
      }
    } catch (IOException e) {
      LOG.errorf("the pod's end waits for nothing: %s", e.getMessage());
    }
  }

  private void begin(String seconds) throws IOException {
    since = clock.instant();
    patience =
        Duration.ofSeconds(
            seconds.matches("[0-9]{1,5}") ? Integer.parseInt(seconds) : DEFAULT_PATIENCE);
    Files.writeString(seen, "");
    LOG.infof("leaving with %d sessions", table.size());
    share.leave();
    batch = Math.max(FEW, table.size() / PART);
  }

  /** Why nothing more is waited for; empty where something is. */
  private String isOver() {
    if (table.size() == 0) {
      return "nobody is left";
    }
    if (hasPassed(since, patience.minus(GOODBYE))) {
      return "the time to leave is over";
    }
    // the operator may be about to add a pod for these clients
    return hasPassed(since, SETTLE) && !share.expectsSiblings() ? "there is nowhere to go" : "";
  }

  private boolean isTimeToMove() {
    if (!share.hasSiblings()) {
      siblingsSince = null;
      return false;
    }
    if (siblingsSince == null) {
      siblingsSince = clock.instant();
    }
    return hasPassed(since, SETTLE) && hasPassed(siblingsSince, NOTICED);
  }

  private void moveSome() {
    asked().stream()
        .limit(batch)
        .forEach(
            session -> {
              if (!servers.redirects(session.seat())) {
                policy.evict(session, Ending.POD_LEAVES);
              }
              askedAt.put(session.id(), clock.instant());
            });
  }

  /** Those to be asked now; whoever stays although they were is asked again after a while. */
  private List<Session> asked() {
    return table.all().stream()
        .filter(
            session ->
                !askedAt.containsKey(session.id())
                    || hasPassed(askedAt.get(session.id()), ASK_AGAIN))
        .toList();
  }

  private boolean hasPassed(Instant from, Duration time) {
    return !clock.instant().isBefore(from.plus(time));
  }
}
