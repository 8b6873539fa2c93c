package dev.p2s.agent.radius;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.p2s.agent.AtomicFile;
import dev.p2s.agent.session.Ending;
import dev.p2s.agent.session.Person;
import dev.p2s.agent.session.Refusal;
import dev.p2s.agent.session.Session;
import dev.p2s.agent.session.SessionTraffic;
import dev.p2s.agent.session.SessionWitness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Accounts for sessions at the customer's RADIUS servers (RFC 2866): their start, what has passed
 * now and then, their end; those of every protocol and every way in. No session waits for it or
 * ends by it. What no server has taken yet is kept beside the sockets, as sessions are, so that an
 * agent that is started anew goes on telling; what changed in the last second may be lost. Used on
 * the agent's loop.
 */
public final class Accounting implements SessionWitness, AutoCloseable {

  /** What RFC 2869 advises; sessions are long. */
  static final Duration INTERIM = Duration.ofMinutes(10);

  /** "The value MUST NOT be smaller than 60" (RFC 2869, section 5.16). */
  static final Duration SHORTEST_INTERIM = Duration.ofSeconds(60);

  private static final Logger LOG = Logger.getLogger(Accounting.class);
  private static final int SPREAD = 100;
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);

  private final Path file;
  private final RadiusServers servers;
  private final Clock clock;
  private final ObjectMapper json = JsonMapper.builder().build();
  private final AccountingQueue queue = new AccountingQueue();
  private final AccountingTeller teller;
  private final Map<String, Instant> nextInterim = new HashMap<>();
  private volatile RadiusSettings told;
  private boolean follows;
  private long saved;
  private long forgotten;

  /**
   * @param file where what is not told yet is kept
   */
  public Accounting(Path file, RadiusServers servers, Clock clock, SecureRandom random) {
    this.file = file;
    this.servers = servers;
    this.clock = clock;
    this.teller = new AccountingTeller(queue, () -> Optional.ofNullable(told), clock, random);
  }

  /** Takes up what an earlier agent of this pod has not told yet, and begins to tell. */
  public void start() {
    try {
      if (Files.exists(file)) {
        queue.addAll(
            json.readValue(
                Files.readAllBytes(file), new TypeReference<List<AccountingRecord>>() {}));
      }
    } catch (IOException e) {
      LOG.errorf("what was to be accounted cannot be read and is dropped: %s", e.getMessage());
    }
    teller.start();
  }

  /** After {@link RadiusServers#follow}: whom to tell from now on. */
  public void follow() {
    // the ends of sessions that a change of the servers itself brings about are told to the old
    // ones
    servers.settings().filter(RadiusSettings::accounting).ifPresent(next -> told = next);
    follows = true;
    if (told == null) {
      queue.clear();
    }
  }

  @Override
  public void began(Session session) {
    if (isAsked()) {
      queue.add(AccountingRecord.start(session, clock.instant()));
      nextInterim.put(session.id(), clock.instant().plus(interval(session)));
    }
  }

  @Override
  public void ended(
      Session session, SessionTraffic.Passed passed, Ending how, Optional<Refusal> why) {
    nextInterim.remove(session.id());
    if (isAsked()) {
      queue.add(AccountingRecord.stop(session, passed, how, why, clock.instant()));
    }
  }

  /** Once in a while: what has passed in the sessions meanwhile. */
  public void tick(Collection<Session> sessions, SessionTraffic traffic) {
    if (isAsked()) {
      Instant now = clock.instant();
      for (Session session : sessions) {
        Duration interval = interval(session);
        Instant due = nextInterim.computeIfAbsent(session.id(), id -> spread(id, interval, now));
        if (!now.isBefore(due)) {
          queue.add(AccountingRecord.interim(session, traffic.of(session), now));
          nextInterim.put(session.id(), now.plus(interval));
        }
      }
      Set<String> there = sessions.stream().map(Session::id).collect(Collectors.toSet());
      nextInterim.keySet().retainAll(there);
    }
    save();
  }

  /** What has happened at the very end, as when a pod sees its clients off, is told first. */
  @Override
  public void close() {
    if (told != null) {
      queue.awaitEmpty(LAST_WORDS);
    }
    teller.close();
    save();
  }

  // before the first state nobody knows: sessions that it ends are told of, or forgotten with it
  private boolean isAsked() {
    return !follows || servers.settings().filter(RadiusSettings::accounting).isPresent();
  }

  private static Duration interval(Session session) {
    Integer said =
        session.credential() instanceof Person person ? person.accounting().interimSeconds() : null;
    if (said == null) {
      return INTERIM;
    }
    Duration interval = Duration.ofSeconds(said);
    return interval.compareTo(SHORTEST_INTERIM) < 0 ? SHORTEST_INTERIM : interval;
  }

  // the sessions that a new agent finds are not all told of at once
  private static Instant spread(String id, Duration interval, Instant now) {
    return now.plus(
        interval.multipliedBy(Math.floorMod(id.hashCode(), SPREAD) + 1L).dividedBy(SPREAD));
  }

  private void save() {
    long changes = queue.changes();
    if (changes == saved) {
      return;
    }
    saved = changes;
    long lost = queue.forgotten();
    if (lost > forgotten) {
      LOG.warnf(
          "%d accounting records were forgotten: more than %d wait",
          lost - forgotten, AccountingQueue.LIMIT);
      forgotten = lost;
    }
    try {
      AtomicFile.write(file, json.writeValueAsBytes(queue.all()));
    } catch (IOException e) {
      LOG.warnf("what is to be accounted is not kept for a restart: %s", e.getMessage());
    }
  }
}
