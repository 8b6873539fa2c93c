package dev.p2s.agent;

import dev.p2s.agent.session.Authentication;
import dev.p2s.agent.session.Person;
import dev.p2s.agent.session.Refusal;
import dev.p2s.agent.session.RejoinPass;
import dev.p2s.agent.session.Session;
import dev.p2s.agent.session.Session.Seat;
import dev.p2s.agent.session.SessionTable;
import dev.p2s.agent.state.StateBundle;
import dev.p2s.agent.weblogin.RefreshTokens;
import dev.p2s.agent.weblogin.WebLogins;
import dev.p2s.dataplane.GatewayState;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * The agent's side of logins with a browser: clients that wait for one, and sessions whose login is
 * renewed before it ends. Called on the agent's loop only.
 */
final class BrowserLogins {

  private static final Logger LOG = Logger.getLogger(BrowserLogins.class);

  /** A login that ends sooner is renewed now. */
  private static final Duration AHEAD = Duration.ofSeconds(60);

  private static final Duration AGAIN_AFTER = Duration.ofSeconds(15);

  /** Whoever moves to another process or has lost the line is back by then. */
  private static final Duration KEPT_WITHOUT_SESSION = Duration.ofMinutes(10);

  private final WebLogins logins;
  private final RefreshTokens tokens;
  private final SessionTable table;
  private final PolicyPoint policy;
  private final Executor loop;
  private final Clock clock;
  private final Map<Seat, String> waiting = new HashMap<>();
  private final Map<String, Instant> lastSeen = new HashMap<>();
  private final Map<String, Person> newest = new HashMap<>();
  private String basis = "";

  /**
   * @param own the agent's directory
   */
  BrowserLogins(
      WebLogins logins,
      Path own,
      SessionTable table,
      PolicyPoint policy,
      Executor loop,
      Clock clock) {
    this.logins = logins;
    this.tokens = new RefreshTokens(own.resolve("refresh"));
    this.table = table;
    this.policy = policy;
    this.loop = loop;
    this.clock = clock;
  }

  void follow(StateBundle bundle) {
    logins.follow(bundle);
    basis = bundle.state().tokenIssuer() == null ? "" : bundle.state().tokenIssuer().basis();
  }

  boolean offered() {
    return logins.offered();
  }

  /**
   * A client begins to wait.
   *
   * @param then told of the outcome on the loop, unless the client has gone before
   * @return what its browser shall open; empty where too many wait already
   */
  Optional<String> begin(Seat seat, String clientAddress, Consumer<WebLogins.Outcome> then) {
    forget(seat);
    Optional<WebLogins.Waiting> begun =
        logins.begin(
            clientAddress,
            outcome ->
                loop.execute(
                    () -> {
                      if (waiting.remove(seat) != null) {
                        var _ =
                            outcome
                                .decided()
                                .thenAccept(
                                    refusal -> {
                                      if (refusal.isEmpty()) {
                                        keep(outcome, clock.millis());
                                      }
                                    });
                        then.accept(outcome);
                      }
                    }));
    begun.ifPresent(login -> waiting.put(seat, login.id()));
    return begun.map(WebLogins.Waiting::address);
  }

  /** The client of a seat has gone. */
  void forget(Seat seat) {
    String id = waiting.remove(seat);
    if (id != null) {
      logins.forget(id);
    }
  }

  /** What a pass stands for: its login, as the issuer has renewed it since. */
  RejoinPass.Login renewed(RejoinPass.Login login) {
    Person known = newest.get(login.person().user());
    return known == null || !known.basis().equals(login.person().basis())
        ? login
        : new RejoinPass.Login(bounded(known, login.loggedInMillis()), login.loggedInMillis());
  }

  /** Renews logins that end soon. */
  void tick() {
    Instant now = clock.instant();
    for (String user : tokens.users()) {
      List<Session> sessions = sessionsOf(user);
      if (!sessions.isEmpty()) {
        lastSeen.put(user, now);
        boolean soon =
            sessions.stream()
                .flatMap(session -> session.credential().until().stream())
                .anyMatch(until -> until.isBefore(now.plus(AHEAD)));
        if (soon && tokens.mayTry(user, now, AGAIN_AFTER.toSeconds())) {
          renew(user);
        }
      } else if (lastSeen
          .computeIfAbsent(user, u -> now)
          .plus(KEPT_WITHOUT_SESSION)
          .isBefore(now)) {
        forget(user);
        lastSeen.remove(user);
      }
    }
  }

  private void renew(String user) {
    Optional<RefreshTokens.Held> held =
        tokens.of(user).filter(token -> token.basis().equals(basis));
    if (held.isEmpty()) {
      forget(user);
      return;
    }
    var _ =
        logins
            .renew(held.get().token())
            .whenComplete(
                (outcome, away) -> {
                  // while the issuer is away the login goes on until it ends
                  if (away == null) {
                    loop.execute(() -> renewed(held.get(), outcome));
                  }
                });
  }

  private void renewed(RefreshTokens.Held held, Optional<WebLogins.Outcome> outcome) {
    String user = held.user();
    if (outcome.isPresent()
        && outcome.get().authentication() instanceof Authentication.Known(Person again)
        && again.user().equals(user)) {
      keep(outcome.get(), held.sinceMillis());
      for (Session session : sessionsOf(user)) {
        policy
            .renew(session, bounded(again, held.sinceMillis()))
            .ifPresent(objection -> policy.expel(session, objection));
      }
    } else if (outcome.isEmpty() || isFinal(outcome.get().authentication())) {
      LOG.infof("the issuer renews the login of %s no more", user);
      forget(user);
    }
  }

  /** However often a login is renewed, the person logs in again when no session may last longer. */
  private Person bounded(Person again, long sinceMillis) {
    return policy
        .state()
        .map(GatewayState::longestSessionSeconds)
        .map(longest -> again.until(Instant.ofEpochMilli(sinceMillis).plusSeconds(longest)))
        .orElse(again);
  }

  private void forget(String user) {
    tokens.forget(user);
    newest.remove(user);
  }

  /** Somebody else's token is as good as none; an issuer that cannot be asked may be again. */
  private static boolean isFinal(Authentication outcome) {
    return !(outcome instanceof Authentication.Refused(Refusal why)) || why.reason().lasting();
  }

  private void keep(WebLogins.Outcome outcome, long sinceMillis) {
    if (outcome.authentication() instanceof Authentication.Known(Person person)) {
      newest.put(person.user(), person);
      tokens.keep(
          new RefreshTokens.Held(
              person.user(), person.basis(), outcome.refreshToken(), sinceMillis));
    }
  }

  private List<Session> sessionsOf(String user) {
    return table.all().stream()
        .filter(session -> session.credential() instanceof Person person && person.basis() != null)
        .filter(session -> session.credential().user().equals(user))
        .toList();
  }
}
