package dev.p2s.agent.oidc;

import dev.p2s.agent.session.Authentication;
import dev.p2s.agent.session.Authenticator;
import dev.p2s.agent.session.LoginAttempt;
import dev.p2s.agent.session.Refusal;
import dev.p2s.agent.session.Refusal.Reason;
import dev.p2s.agent.state.StateBundle;
import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.dataplane.AgentReport;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.TokenIssuer;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jboss.logging.Logger;

/** Logins by an access token of Microsoft Entra ID or of any OpenID Connect issuer. */
public final class TokenAuthenticator implements Authenticator {

  private static final Logger LOG = Logger.getLogger(TokenAuthenticator.class);

  private static final Refusal NO_TOKEN =
      new Refusal(
          Reason.WRONG_CREDENTIAL,
          "This gateway asks for an access token as the password, and yours is none that it takes.");
  private static final Refusal NOT_SIGNED =
      new Refusal(
          Reason.WRONG_CREDENTIAL, "Your access token is not signed by this gateway's issuer.");
  private static final Refusal AWAY =
      new Refusal(
          Reason.AUTHENTICATION_AWAY,
          "This gateway cannot reach its identity provider just now. Try again in a moment.");

  private record Following(TokenIssuer issuer, IssuerKeys keys) {}

  private final Clock clock;
  private final MeterRegistry registry;
  private final Function<TokenIssuer, IssuerKeys.Source> sources;
  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
  private volatile Following following;
  private boolean radiusToo;

  public TokenAuthenticator(Clock clock, MeterRegistry registry) {
    this(clock, registry, HttpsKeySource::new);
  }

  /**
   * @param sources where an issuer's keys come from
   */
  TokenAuthenticator(
      Clock clock, MeterRegistry registry, Function<TokenIssuer, IssuerKeys.Source> sources) {
    this.clock = clock;
    this.registry = registry;
    this.sources = sources;
  }

  @Override
  public void follow(StateBundle bundle) {
    GatewayState state = bundle.state();
    TokenIssuer next = state.tokenIssuer();
    radiusToo = state.authentications().contains(AuthenticationType.RADIUS);
    if (following != null && following.issuer().equals(next)) {
      return;
    }
    if (following != null && next != null && sameKeys(following.issuer(), next)) {
      following = new Following(next, following.keys());
      return;
    }
    if (following != null) {
      following.keys().close();
    }
    following = next == null ? null : new Following(next, keys(next));
  }

  @Override
  public boolean takes(LoginAttempt attempt) {
    // Where nobody else takes passwords, whoever sends no token is told what is asked for.
    return following != null
        && attempt.challenge().isEmpty()
        && (SignedToken.looksLike(attempt.password()) || !radiusToo);
  }

  @Override
  public void authenticate(LoginAttempt attempt, Consumer<Authentication> answer) {
    Following now = following;
    workers.execute(() -> answer.accept(guarded(attempt.password(), now)));
  }

  @Override
  public void tick() {
    if (following != null) {
      following.keys().tick();
    }
  }

  @Override
  public Optional<AgentReport.IssuerReach> issuer() {
    return Optional.ofNullable(following).map(now -> now.keys().reach());
  }

  /**
   * What an access token says by the rules for one that comes as a password; may take as long as
   * the issuer does.
   */
  public Authentication judge(String token) {
    Following now = following;
    return now == null ? new Authentication.Refused(NO_TOKEN) : guarded(token, now);
  }

  /**
   * Whether an ID token was made for one login of a client (OpenID Connect Core 3.1.3.7); may take
   * as long as the issuer does.
   */
  public boolean isOfLogin(String idToken, String clientId, String nonce) {
    Following now = following;
    if (now == null) {
      return false;
    }
    try {
      Optional<SignedToken> token = SignedToken.parse(idToken, now.issuer());
      return token.isPresent()
          && token
              .get()
              .claims(now.keys().named(token.get().keyId()))
              .filter(
                  claims ->
                      TokenRules.isOfLogin(claims, now.issuer(), clientId, nonce, clock.instant()))
              .isPresent();
    } catch (IssuerKeys.AwayException | RuntimeException e) {
      return false;
    }
  }

  @Override
  public void close() {
    workers.shutdownNow();
    if (following != null) {
      following.keys().close();
      following = null;
    }
  }

  private IssuerKeys keys(TokenIssuer issuer) {
    IssuerKeys keys = new IssuerKeys(sources.apply(issuer), clock, workers);
    keys.prepare();
    return keys;
  }

  private static boolean sameKeys(TokenIssuer one, TokenIssuer other) {
    return one.issuer().equals(other.issuer())
        && one.discovery().equals(other.discovery())
        && java.util.Objects.equals(one.serverRoots(), other.serverRoots());
  }

  /** Whatever a token does to the library: it is answered, and it is refused. */
  private Authentication guarded(String token, Following now) {
    try {
      return verify(token, now);
    } catch (RuntimeException e) {
      LOG.warnf("a token is refused that could not be read: %s", e.getClass().getName());
      return new Authentication.Refused(NO_TOKEN);
    }
  }

  private Authentication verify(String text, Following now) {
    Optional<SignedToken> token = SignedToken.parse(text, now.issuer());
    if (token.isEmpty()) {
      return new Authentication.Refused(NO_TOKEN);
    }
    Optional<Map<String, Object>> claims;
    try {
      claims = token.get().claims(now.keys().named(token.get().keyId()));
    } catch (IssuerKeys.AwayException e) {
      return new Authentication.Refused(AWAY);
    }
    if (claims.isEmpty()) {
      return new Authentication.Refused(NOT_SIGNED);
    }
    return switch (TokenRules.judge(claims.get(), now.issuer(), clock.instant())) {
      case TokenRules.Verdict.Refused(Refusal refusal) -> new Authentication.Refused(refusal);
      case TokenRules.Verdict.Known known -> {
        if (known.groupsMissing()) {
          overage(known.person().user());
        }
        yield new Authentication.Known(known.person());
      }
    };
  }

  private void overage(String user) {
    LOG.warnf(
        "the token of %s does not list its groups, since they are too many (group overage): let the"
            + " application's tokens hold the groups that are assigned to it only",
        user);
    registry.counter("p2s.token.group.overage").increment();
  }
}
