package dev.p2s.agent.oidc;

import static dev.p2s.agent.oidc.TestIssuer.KNOWN;
import static dev.p2s.agent.oidc.TestIssuer.NOW;
import static dev.p2s.agent.oidc.TestIssuer.OTHER;
import static dev.p2s.agent.oidc.TestIssuer.claims;
import static dev.p2s.agent.oidc.TestIssuer.settings;
import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.agent.session.Authentication;
import dev.p2s.agent.session.LoginAttempt;
import dev.p2s.agent.session.Refusal.Reason;
import dev.p2s.agent.state.StateBundle;
import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.dataplane.AgentReport;
import dev.p2s.dataplane.States;
import dev.p2s.dataplane.TokenIssuer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jose4j.jwk.PublicJsonWebKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TokenAuthenticatorTest {

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final List<TokenIssuer> asked = new ArrayList<>();
  private boolean away;
  private int fetches;
  private Instant now = NOW;
  private final Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);
  private final TokenAuthenticator authenticator =
      new TokenAuthenticator(clock, registry, this::source);

  @AfterEach
  void close() {
    authenticator.close();
  }

  @ParameterizedTest
  @MethodSource("good")
  void givenATokenOfTheIssuer_whenAuthenticated_thenThePersonIsKnown(String token)
      throws Exception {
    follow(settings());

    assertThat(authenticate(token))
        .isInstanceOfSatisfying(
            Authentication.Known.class,
            known -> {
              assertThat(known.person().user()).isEqualTo("alice@example.com");
              assertThat(known.person().method()).isEqualTo(AuthenticationType.EntraID);
            });
  }

  static Stream<String> good() {
    return Stream.of(
        KNOWN.sign(claims()), KNOWN.sign(claims(), "ES256", KNOWN.ec, Map.of()), large());
  }

  /** 150 groups, as a token may list. */
  private static String large() {
    List<String> groups = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      groups.add("%08d-2222-3333-4444-555555555555".formatted(i));
    }
    return KNOWN.sign(claims("groups", groups));
  }

  @Test
  void givenAnIssuerThatIsAway_whenSomebodyComes_thenItIsTemporaryAndHealsByItself()
      throws Exception {
    away = true;
    follow(settings());
    String token = KNOWN.sign(claims());

    assertThat(reason(authenticate(token))).isEqualTo(Reason.AUTHENTICATION_AWAY);
    away = false;
    now = now.plus(IssuerKeys.INTERVAL);

    assertThat(authenticate(token)).isInstanceOf(Authentication.Known.class);
  }

  @Test
  void givenAnIssuerThatComesAndGoes_whenPeopleCome_thenEachIsInOrTriesAgainAndNoneIsTurnedAway()
      throws Exception {
    away = true;
    follow(settings());
    String known = KNOWN.sign(claims());
    String unknown = OTHER.sign(claims(), "RS256", OTHER.named("rotated"), Map.of());
    assertThat(reason(authenticate(known))).isEqualTo(Reason.AUTHENTICATION_AWAY);

    for (int turn = 0; turn < 10; turn++) {
      away = turn % 2 == 1;
      now = now.plus(IssuerKeys.INTERVAL);

      assertThat(authenticate(known)).as("turn %d", turn).isInstanceOf(Authentication.Known.class);
      // a key that nobody knows may be a new one of the issuer's, while that cannot be asked
      assertThat(reason(authenticate(unknown)))
          .as("turn %d", turn)
          .isEqualTo(away ? Reason.AUTHENTICATION_AWAY : Reason.WRONG_CREDENTIAL);
    }
  }

  @Test
  void givenKeysThatWereGood_whenTheIssuerIsAway_thenTheyServeForADay() throws Exception {
    follow(settings());
    String token = KNOWN.sign(claims("exp", NOW.plusSeconds(1_000_000).getEpochSecond()));
    assertThat(authenticate(token)).isInstanceOf(Authentication.Known.class);
    away = true;

    now = now.plus(IssuerKeys.USABLE_FOR);
    assertThat(authenticate(token)).isInstanceOf(Authentication.Known.class);
    now = now.plusSeconds(60);
    assertThat(reason(authenticate(token))).isEqualTo(Reason.AUTHENTICATION_AWAY);
  }

  @Test
  void givenAnIssuerThatIsAway_whenNobodyLogsIn_thenItIsToldAndAskedAgainAndOldKeysAreRenewed() {
    away = true;
    follow(settings());
    await(new AgentReport.IssuerReach(null, "no route"));
    away = false;

    authenticator.tick();
    now = now.plus(IssuerKeys.RETRY_AFTER).plusSeconds(1);
    authenticator.tick();

    await(new AgentReport.IssuerReach(now, ""));
    assertThat(fetches).isEqualTo(2);
    now = now.plus(IssuerKeys.REFRESH_AFTER).plusSeconds(1);
    authenticator.tick();
    await(new AgentReport.IssuerReach(now, ""));
    now = now.plus(IssuerKeys.REFRESH_AFTER).plusSeconds(1);
    away = true;
    Instant had = now.minus(IssuerKeys.REFRESH_AFTER).minusSeconds(1);
    authenticator.tick();
    await(new AgentReport.IssuerReach(had, "no route"));
  }

  private void await(AgentReport.IssuerReach told) {
    Awaitility.await().until(() -> authenticator.issuer().equals(Optional.of(told)));
  }

  @Test
  void givenManyTokensOfUnknownKeys_whenTheyCome_thenTheIssuerIsAskedOnceAnInterval()
      throws Exception {
    follow(settings());
    authenticate(KNOWN.sign(claims()));
    int before = fetches;
    now = now.plus(IssuerKeys.INTERVAL);

    for (int i = 0; i < 20; i++) {
      String token = OTHER.sign(claims(), "RS256", OTHER.named("unknown-" + i), Map.of());
      assertThat(reason(authenticate(token))).isEqualTo(Reason.WRONG_CREDENTIAL);
    }

    assertThat(fetches).isEqualTo(before + 1);
  }

  @Test
  void givenAnotherAudience_whenFollowed_thenTheKeysStayAndTheOldTokenIsRefused() throws Exception {
    follow(settings());
    String token = KNOWN.sign(claims());
    authenticate(token);
    TokenIssuer was = settings();
    follow(
        new TokenIssuer(
            was.method(),
            was.issuer(),
            was.discovery(),
            "another",
            was.tenant(),
            was.algorithms(),
            was.userClaims(),
            was.groupsClaim(),
            was.requiredClaims(),
            was.serverRoots(),
            null));

    assertThat(reason(authenticate(token))).isEqualTo(Reason.WRONG_CREDENTIAL);
    assertThat(asked).hasSize(1);
  }

  @Test
  void givenTooManyGroups_whenKnown_thenItIsCounted() throws Exception {
    follow(settings());
    Map<String, Object> claims = claims("groups", null);
    claims.put("_claim_names", Map.of("groups", "src1"));

    authenticate(KNOWN.sign(claims));

    assertThat(registry.counter("p2s.token.group.overage").count()).isEqualTo(1);
  }

  @Test
  void givenRadiusToo_whenAPasswordComes_thenItIsNotOurs() {
    follow(settings(), AuthenticationType.EntraID, AuthenticationType.RADIUS);

    assertThat(authenticator.takes(attempt("secret"))).isFalse();
    assertThat(authenticator.takes(attempt(KNOWN.sign(claims())))).isTrue();
    follow(null, AuthenticationType.RADIUS);
    assertThat(authenticator.takes(attempt(KNOWN.sign(claims())))).isFalse();
  }

  private void follow(TokenIssuer issuer) {
    follow(issuer, AuthenticationType.EntraID);
  }

  private void follow(TokenIssuer issuer, AuthenticationType... methods) {
    authenticator.follow(
        new StateBundle(
            States.gateway().authentications(methods).tokenIssuer(issuer).build(), "", Map.of()));
  }

  private Authentication authenticate(String token) throws Exception {
    CompletableFuture<Authentication> answer = new CompletableFuture<>();
    authenticator.authenticate(attempt(token), answer::complete);
    return answer.get(10, TimeUnit.SECONDS);
  }

  private static Reason reason(Authentication outcome) {
    return ((Authentication.Refused) outcome).refusal().reason();
  }

  private static LoginAttempt attempt(String password) {
    return new LoginAttempt("AzureAD", password, "192.0.2.7:4711", Optional.empty());
  }

  private IssuerKeys.Source source(TokenIssuer issuer) {
    asked.add(issuer);
    return new IssuerKeys.Source() {
      @Override
      public List<PublicJsonWebKey> fetch() throws IOException {
        fetches++;
        if (away) {
          throw new IOException("no route");
        }
        return KNOWN.publicKeys();
      }

      @Override
      public void close() {}
    };
  }
}
