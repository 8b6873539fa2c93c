package dev.p2s.agent.weblogin;

import dev.p2s.agent.oidc.TokenAuthenticator;
import dev.p2s.agent.session.Authentication;
import dev.p2s.agent.session.Person;
import dev.p2s.agent.session.Refusal;
import dev.p2s.agent.session.Refusal.Reason;
import dev.p2s.agent.state.StateBundle;
import dev.p2s.dataplane.StateSecret;
import dev.p2s.dataplane.TokenIssuer;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * People who log in with a browser while their VPN client waits: authorization code with PKCE at
 * the gateway's own issuer. What comes of it is judged by the rules for access tokens. The steps of
 * the browser may take as long as the issuer does; they run on threads of their own.
 */
public final class WebLogins implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(WebLogins.class);
  private static final Duration DECIDED_WITHIN = Duration.ofSeconds(10);

  private static final String OVER =
      "This login is over, or it is another browser's. Connect with your VPN client again.";
  private static final Refusal REFUSED =
      new Refusal(Reason.WRONG_CREDENTIAL, "You were not logged in. Connect to try it again.");
  private static final Refusal AWAY =
      new Refusal(
          Reason.AUTHENTICATION_AWAY,
          "This gateway cannot reach its identity provider just now. Try again in a moment.");

  /**
   * What came of a login.
   *
   * @param authentication who it is, or why nobody
   * @param refreshToken renews the login; empty where the issuer gives none
   * @param decided to be told whether the client is let in, for the browser: empty where it is
   */
  public record Outcome(
      Authentication authentication,
      String refreshToken,
      CompletableFuture<Optional<Refusal>> decided) {
    @Override
    public String toString() {
      return "Outcome";
    }
  }

  /** What a browser is answered. */
  sealed interface Step {
    /** A page. */
    record Page(String html) implements Step {}

    /** The browser goes on at the issuer, and is known by a cookie from now on. */
    record Redirect(URI to, String browser) implements Step {}
  }

  private record Following(TokenIssuer issuer, String secret, OidcClient client) {}

  private final TokenAuthenticator tokens;
  private final PendingLogins pending;
  private volatile Following following;

  /**
   * @param tokens judges what the issuer gives
   */
  public WebLogins(TokenAuthenticator tokens, Clock clock, SecureRandom random) {
    this.tokens = tokens;
    this.pending = new PendingLogins(clock, random);
  }

  /** From now on this state's issuer counts. */
  public void follow(StateBundle bundle) {
    TokenIssuer issuer = bundle.state().tokenIssuer();
    String secret = bundle.entries().getOrDefault(StateSecret.OIDC_CLIENT_SECRET, "");
    Following before = following;
    if (issuer == null || issuer.webLogin() == null) {
      following = null;
    } else if (before == null
        || !before.issuer().equals(issuer)
        || !before.secret().equals(secret)) {
      following = new Following(issuer, secret, new OidcClient(issuer, secret));
    } else {
      return;
    }
    if (before != null) {
      before.client().close();
    }
  }

  /** Whether people may log in with a browser. */
  public boolean offered() {
    return following != null;
  }

  /**
   * A client that waits.
   *
   * @param id for {@link #forget}
   * @param address what its browser shall open
   */
  public record Waiting(String id, String address) {}

  /** A client begins to wait; empty where it cannot. */
  public Optional<Waiting> begin(String clientAddress, Consumer<Outcome> answer) {
    Following now = following;
    return now == null
        ? Optional.empty()
        : pending
            .begin(clientAddress, answer)
            .map(
                login ->
                    new Waiting(
                        login.id(), now.issuer().webLogin().url() + "/login/" + login.id()));
  }

  /** How long a client may wait. */
  public static Duration waitsFor() {
    return PendingLogins.WITHIN;
  }

  /** The client has gone. */
  public void forget(String id) {
    var _ = pending.forget(id);
  }

  /**
   * A login that is renewed without anybody.
   *
   * @return empty where the issuer does not renew it any more; a failure where it does not answer
   */
  public CompletableFuture<Optional<Outcome>> renew(String refreshToken) {
    CompletableFuture<Optional<Outcome>> renewed = new CompletableFuture<>();
    Following now = following;
    if (now == null) {
      renewed.complete(Optional.empty());
      return renewed;
    }
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                renewed.complete(
                    now.client()
                        .refresh(refreshToken)
                        .map(
                            fresh ->
                                new Outcome(
                                    tokens.judge(fresh.access()),
                                    fresh.refresh().isEmpty() ? refreshToken : fresh.refresh(),
                                    new CompletableFuture<>())));
              } catch (OidcClient.AwayException | RuntimeException e) {
                renewed.completeExceptionally(e);
              }
            });
    return renewed;
  }

  /** A browser comes to the address that the client has opened. */
  Step open(String id) {
    Following now = following;
    Optional<PendingLogin> login = now == null ? Optional.empty() : pending.open(id);
    if (login.isEmpty()) {
      return new Step.Page(LoginPage.saying(OVER));
    }
    try {
      return new Step.Redirect(now.client().authorization(login.get()), login.get().browser());
    } catch (OidcClient.AwayException e) {
      LOG.warnf("nobody can log in with a browser: %s", e.getMessage());
      return refuse(login.get(), AWAY);
    }
  }

  /**
   * The issuer sends the browser back.
   *
   * @param code empty where the person did not log in
   */
  Step back(String state, String code, String browser) {
    Following now = following;
    Optional<PendingLogin> login = now == null ? Optional.empty() : pending.back(state, browser);
    if (login.isEmpty()) {
      return new Step.Page(LoginPage.saying(OVER));
    }
    if (code.isEmpty()) {
      return refuse(login.get(), REFUSED);
    }
    try {
      Optional<OidcClient.Tokens> given = now.client().exchange(login.get(), code);
      if (given.isEmpty()
          || !tokens.isOfLogin(
              given.get().id(), now.issuer().webLogin().clientId(), login.get().nonce())) {
        return refuse(login.get(), REFUSED);
      }
      return judged(login.get(), tokens.judge(given.get().access()), given.get().refresh());
    } catch (OidcClient.AwayException e) {
      LOG.warnf("a login with a browser failed: %s", e.getMessage());
      return refuse(login.get(), AWAY);
    }
  }

  /** The person says that the client is theirs. */
  Step confirm(String id, String browser) {
    Optional<PendingLogins.Answered> answered = pending.confirm(id, browser);
    if (answered.isEmpty()) {
      return new Step.Page(LoginPage.saying(OVER));
    }
    CompletableFuture<Optional<Refusal>> decided = new CompletableFuture<>();
    answered
        .get()
        .answer()
        .accept(
            new Outcome(
                new Authentication.Known(answered.get().person()),
                answered.get().refreshToken(),
                decided));
    try {
      return new Step.Page(
          LoginPage.saying(
              decided
                  .get(DECIDED_WITHIN.toSeconds(), TimeUnit.SECONDS)
                  .map(Refusal::sentence)
                  .orElse("You are connected. You may close this window.")));
    } catch (ExecutionException | TimeoutException e) {
      return new Step.Page(LoginPage.saying("Look at your VPN client: it knows how it went on."));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Step.Page(LoginPage.saying(OVER));
    }
  }

  @Override
  public void close() {
    Following now = following;
    following = null;
    if (now != null) {
      now.client().close();
    }
  }

  private Step judged(PendingLogin login, Authentication outcome, String refreshToken) {
    return switch (outcome) {
      case Authentication.Known(Person person) -> {
        pending.known(login, person, refreshToken);
        yield new Step.Page(LoginPage.asking(person.user(), login.clientAddress(), login.id()));
      }
      case Authentication.Refused(Refusal why) -> refuse(login, why);
      case Authentication.Challenged challenge -> refuse(login, REFUSED);
    };
  }

  /** Nothing comes of it: the browser and the client are told the same. */
  private Step refuse(PendingLogin login, Refusal why) {
    pending
        .forget(login.id())
        .ifPresent(
            answer ->
                answer.accept(
                    new Outcome(new Authentication.Refused(why), "", new CompletableFuture<>())));
    return new Step.Page(LoginPage.saying(why.sentence()));
  }
}
