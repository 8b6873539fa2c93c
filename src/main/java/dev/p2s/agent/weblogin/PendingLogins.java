package dev.p2s.agent.weblogin;

import dev.p2s.agent.session.Person;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The logins that wait for a browser. Each takes the same steps once and in order: opened by one
 * browser, answered by the issuer, confirmed by the person. Bounded in number and age. Safe for use
 * by several threads.
 */
final class PendingLogins {

  /** How long a person has. OpenVPN's client waits as long as it is told. */
  static final Duration WITHIN = Duration.ofSeconds(180);

  static final int MOST = 1000;

  private static final int RANDOM_BYTES = 24;

  /** How far a login is; it never goes back. */
  private enum Step {
    WAITING,
    OPENED,
    ANSWERED
  }

  private static final class Entry {
    private final PendingLogin login;
    private final Consumer<WebLogins.Outcome> answer;
    private Step step = Step.WAITING;
    private Person person;
    private String refreshToken = "";

    Entry(PendingLogin login, Consumer<WebLogins.Outcome> answer) {
      this.login = login;
      this.answer = answer;
    }
  }

  /**
   * What a person has to say yes to.
   *
   * @param person who they are, as the issuer says
   * @param refreshToken renews the login; empty without one
   * @param answer the client's, to be told
   */
  record Answered(Person person, String refreshToken, Consumer<WebLogins.Outcome> answer) {
    @Override
    public String toString() {
      return "Answered";
    }
  }

  private final Clock clock;
  private final SecureRandom random;
  private final Map<String, Entry> waiting = new LinkedHashMap<>();

  PendingLogins(Clock clock, SecureRandom random) {
    this.clock = clock;
    this.random = random;
  }

  /**
   * A client begins to wait; empty where too many do already.
   *
   * @param answer how it is told of the outcome
   */
  synchronized Optional<PendingLogin> begin(
      String clientAddress, Consumer<WebLogins.Outcome> answer) {
    drop();
    if (waiting.size() >= MOST) {
      return Optional.empty();
    }
    PendingLogin login =
        new PendingLogin(
            word(), word(), word(), word() + word(), word(), clientAddress, clock.instant());
    waiting.put(login.id(), new Entry(login, answer));
    return Optional.of(login);
  }

  /** A browser has come to the address; the first one only. */
  synchronized Optional<PendingLogin> open(String id) {
    drop();
    Entry entry = waiting.get(id);
    if (entry == null || entry.step != Step.WAITING) {
      return Optional.empty();
    }
    entry.step = Step.OPENED;
    return Optional.of(entry.login);
  }

  /** The issuer sends the browser back: the one login that it may be for. It goes on once only. */
  synchronized Optional<PendingLogin> back(String state, String browser) {
    drop();
    Optional<Entry> entry =
        waiting.values().stream()
            .filter(each -> each.step == Step.OPENED)
            .filter(each -> same(each.login.state(), state) && same(each.login.browser(), browser))
            .findFirst();
    entry.ifPresent(each -> each.step = Step.ANSWERED);
    return entry.map(each -> each.login);
  }

  /** Who it is; they have yet to say that the client is theirs. */
  synchronized void known(PendingLogin login, Person person, String refreshToken) {
    Entry entry = waiting.get(login.id());
    if (entry != null && entry.step == Step.ANSWERED) {
      entry.person = person;
      entry.refreshToken = refreshToken;
    }
  }

  /** The person says yes; the login is over for this side. */
  synchronized Optional<Answered> confirm(String id, String browser) {
    drop();
    Entry entry = waiting.get(id);
    if (entry == null || entry.person == null || !same(entry.login.browser(), browser)) {
      return Optional.empty();
    }
    waiting.remove(id);
    return Optional.of(new Answered(entry.person, entry.refreshToken, entry.answer));
  }

  /**
   * The client has gone, or nothing can come of it any more.
   *
   * @return who may still be told so
   */
  synchronized Optional<Consumer<WebLogins.Outcome>> forget(String id) {
    return Optional.ofNullable(waiting.remove(id)).map(entry -> entry.answer);
  }

  private void drop() {
    Iterator<Entry> entries = waiting.values().iterator();
    while (entries.hasNext()
        && Duration.between(entries.next().login.since(), clock.instant()).compareTo(WITHIN) >= 0) {
      entries.remove();
    }
  }

  private String word() {
    byte[] bytes = new byte[RANDOM_BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static boolean same(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }
}
