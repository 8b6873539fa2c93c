package dev.p2s.agent.oidc;

import dev.p2s.dataplane.AgentReport;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;
import org.jose4j.jwk.PublicJsonWebKey;

/**
 * An issuer's public keys, held so that a login asks nobody. They are fetched anew when they are
 * old and when a token names one that is not among them, but never more often than every {@link
 * #INTERVAL}, whatever tokens come in. Through an outage of the issuer the last good ones serve.
 */
final class IssuerKeys {

  /** Two fetches are at least so far apart. */
  static final Duration INTERVAL = Duration.ofSeconds(10);

  /** From this age on they are fetched anew beside the logins. */
  static final Duration REFRESH_AFTER = Duration.ofHours(1);

  /** After a failure they are tried again, whether anybody logs in or not. */
  static final Duration RETRY_AFTER = Duration.ofMinutes(1);

  /** A key that the issuer may have taken back long ago signs nothing any more. */
  static final Duration USABLE_FOR = Duration.ofHours(24);

  private static final Logger LOG = Logger.getLogger(IssuerKeys.class);

  /** Where the keys come from. */
  interface Source extends AutoCloseable {
    /**
     * @throws IOException where there are none to be had; the message says why, for an operator
     */
    List<PublicJsonWebKey> fetch() throws IOException;

    @Override
    void close();
  }

  /** The issuer's keys are not to be had, and none are held. */
  static final class AwayException extends Exception {
    private static final long serialVersionUID = 1L;
  }

  private record Held(List<PublicJsonWebKey> keys, Instant since) {}

  private final Source source;
  private final Clock clock;
  private final Executor background;
  private final ReentrantLock fetching = new ReentrantLock();
  private volatile Held held;
  private volatile String problem = "";
  private volatile Instant lastTry;

  IssuerKeys(Source source, Clock clock, Executor background) {
    this.source = source;
    this.clock = clock;
    this.background = background;
  }

  /** Fetches them beside everything else, so that the first login need not wait. */
  void prepare() {
    background.execute(this::fetch);
  }

  /**
   * The keys that a token may be signed with; may take as long as a fetch does.
   *
   * @param id the key that the token names, or null where it names none; then all are returned
   * @throws AwayException where that cannot be said now
   */
  List<PublicJsonWebKey> named(String id) throws AwayException {
    List<PublicJsonWebKey> found = find(usable(), id);
    if (!found.isEmpty()) {
      return found;
    }
    fetch();
    found = find(usable(), id);
    if (found.isEmpty() && !problem.isEmpty()) {
      throw new AwayException();
    }
    return found;
  }

  /**
   * To be called now and then: old keys are renewed, and an issuer that was away is asked again.
   */
  void tick() {
    Instant tried = lastTry;
    Held now = held;
    boolean due = !problem.isEmpty() || (now != null && age(now).compareTo(REFRESH_AFTER) > 0);
    if (due && tried != null && clock.instant().isAfter(tried.plus(RETRY_AFTER))) {
      prepare();
    }
  }

  /** What is held, for those who wonder why nobody gets in. */
  AgentReport.IssuerReach reach() {
    Held now = usable();
    return new AgentReport.IssuerReach(now == null ? null : now.since(), problem);
  }

  void close() {
    source.close();
  }

  private void fetch() {
    fetching.lock();
    try {
      Instant now = clock.instant();
      if (lastTry != null && now.isBefore(lastTry.plus(INTERVAL))) {
        return;
      }
      lastTry = now;
      held = new Held(source.fetch(), now.truncatedTo(ChronoUnit.SECONDS));
      if (!problem.isEmpty()) {
        LOG.info("the issuer's keys are to be had again");
      }
      problem = "";
    } catch (IOException e) {
      String why = e.getMessage() == null ? e.toString() : e.getMessage();
      if (!why.equals(problem)) {
        LOG.warnf("the issuer's keys cannot be fetched: %s", why);
      }
      problem = why;
    } finally {
      fetching.unlock();
    }
  }

  private Held usable() {
    Held now = held;
    return now == null || age(now).compareTo(USABLE_FOR) > 0 ? null : now;
  }

  private Duration age(Held keys) {
    return Duration.between(keys.since(), clock.instant());
  }

  private static List<PublicJsonWebKey> find(Held from, String id) {
    return from == null
        ? List.of()
        : from.keys().stream().filter(key -> id == null || id.equals(key.getKeyId())).toList();
  }
}
