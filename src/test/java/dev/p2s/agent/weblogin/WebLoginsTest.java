package dev.p2s.agent.weblogin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.agent.oidc.TokenAuthenticator;
import dev.p2s.agent.session.Authentication;
import dev.p2s.agent.session.Refusal;
import dev.p2s.agent.state.StateBundle;
import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.dataplane.StateSecret;
import dev.p2s.dataplane.States;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an issuer that answers wrongly can do, and what comes of steps out of order. */
class WebLoginsTest {

  private final BrowserIssuer issuer = new BrowserIssuer();
  private final BlockingQueue<WebLogins.Outcome> told = new LinkedBlockingQueue<>();
  private final TokenAuthenticator tokens =
      new TokenAuthenticator(Clock.systemUTC(), new SimpleMeterRegistry());
  private final WebLogins logins = new WebLogins(tokens, Clock.systemUTC(), new SecureRandom());

  @BeforeEach
  void begin() {
    StateBundle bundle =
        new StateBundle(
            States.gateway()
                .authentications(AuthenticationType.OIDC)
                .tokenIssuer(issuer.issuer())
                .build(),
            "",
            Map.of(StateSecret.OIDC_CLIENT_SECRET, "s3cret&more"));
    tokens.follow(bundle);
    logins.follow(bundle);
  }

  @AfterEach
  void end() {
    logins.close();
    tokens.close();
    issuer.close();
  }

  @Test
  void givenALogin_whenAllIsRight_thenThePersonIsAskedAndThenKnown() throws Exception {
    Map<String, String> sent = open();
    assertThat(sent)
        .containsEntry("redirect_uri", "https://vpn.example/login/callback")
        .containsEntry("code_challenge_method", "S256")
        .containsEntry("scope", "openid");
    issuer.identifies(claims("nonce", sent.get("nonce")));
    issuer.grants(claims("x", "y"));

    assertThat(page(logins.back(sent.get("state"), "c0de", browser)))
        .contains("<b>alice</b>", "<b>192.0.2.7:4711</b>");
    assertThat(form())
        .containsEntry("code", "c0de")
        .containsEntry("client_secret", "s3cret&more")
        .containsEntry("grant_type", "authorization_code");
    assertThat(form().get("code_verifier")).hasSize(64);
    assertThat(told).isEmpty();

    Thread person = Thread.ofVirtual().start(() -> logins.confirm(id, browser));
    WebLogins.Outcome outcome = told.poll(10, TimeUnit.SECONDS);
    assertThat(outcome.authentication())
        .isInstanceOfSatisfying(
            Authentication.Known.class,
            known -> assertThat(known.person().user()).isEqualTo("alice"));
    assertThat(outcome.refreshToken()).isEqualTo("r3fresh");
    outcome.decided().complete(Optional.empty());
    person.join();
  }

  @Test
  void givenATokenOfAnotherLogin_whenItComesBack_thenNobodyIsIn() throws Exception {
    Map<String, String> sent = open();
    issuer.identifies(claims("nonce", "another"));
    issuer.grants(claims("x", "y"));

    assertRefused(logins.back(sent.get("state"), "c0de", browser), Refusal.Reason.WRONG_CREDENTIAL);
  }

  @Test
  void givenAnIdTokenForAnotherClient_whenItComesBack_thenNobodyIsIn() throws Exception {
    Map<String, String> sent = open();
    Map<String, Object> another = claims("nonce", sent.get("nonce"));
    another.put("aud", "wiki");
    issuer.identifies(another);
    issuer.grants(claims("x", "y"));

    assertRefused(logins.back(sent.get("state"), "c0de", browser), Refusal.Reason.WRONG_CREDENTIAL);
  }

  @Test
  void givenAnIdTokenForSeveralClients_whenItIsNotOurs_thenNobodyIsIn() throws Exception {
    for (String azp : List.of("", "wiki")) {
      Map<String, String> sent = open();
      Map<String, Object> several = claims("nonce", sent.get("nonce"));
      several.put("aud", List.of("vpn", "wiki"));
      if (!azp.isEmpty()) {
        several.put("azp", azp);
      }
      issuer.identifies(several);
      issuer.grants(claims("x", "y"));

      assertRefused(
          logins.back(sent.get("state"), "c0de", browser), Refusal.Reason.WRONG_CREDENTIAL);
    }
  }

  @Test
  void givenTwoLoginsInOneHouse_whenOnesBrowserComesBackForTheOther_thenOnlyItsOwnGoesOn()
      throws Exception {
    Map<String, String> hers = open();
    String herId = id;
    String herBrowser = browser;
    Map<String, String> his = open();
    issuer.identifies(claims("nonce", hers.get("nonce")));
    issuer.grants(claims("x", "y"));

    assertThat(page(logins.back(hers.get("state"), "c0de", browser))).contains("is over");
    assertThat(page(logins.back(his.get("state"), "c0de", herBrowser))).contains("is over");
    assertThat(issuer.asked()).as("codes given away").isEmpty();
    assertThat(page(logins.back(hers.get("state"), "c0de", herBrowser))).contains("<b>alice</b>");
    assertThat(page(logins.back(hers.get("state"), "c0de", herBrowser)))
        .as("the code again")
        .contains("is over");
    assertThat(page(logins.confirm(herId, browser))).as("his browser").contains("is over");
    assertThat(page(logins.confirm(id, herBrowser))).as("her browser for him").contains("is over");
    assertThat(told).isEmpty();

    Thread her = Thread.ofVirtual().start(() -> logins.confirm(herId, herBrowser));
    WebLogins.Outcome outcome = told.poll(10, TimeUnit.SECONDS);
    assertThat(outcome).as("her own browser still may").isNotNull();
    outcome.decided().complete(Optional.empty());
    her.join();
    assertThat(page(logins.confirm(herId, herBrowser))).contains("is over");
  }

  @Test
  void givenALogin_whenItIsPrinted_thenNoSecretIsSaid() {
    Map<String, String> sent = open();
    WebLogins.Outcome outcome =
        new WebLogins.Outcome(
            new Authentication.Challenged("s", "q", true), "r3fresh", new CompletableFuture<>());

    assertThat(outcome.toString()).doesNotContain("r3fresh");
    assertThat(new OidcClient.Tokens("t1", "t2", "t3").toString()).doesNotContain("t1", "t2", "t3");
    assertThat(new RefreshTokens.Held("alice", "b", "r3fresh", 0).toString())
        .doesNotContain("r3fresh");
    assertThat(sent.get("state")).hasSize(32);
  }

  @Test
  void givenAnAccessTokenForAnotherApplication_whenItComesBack_thenTheSentenceSaysSo()
      throws Exception {
    Map<String, String> sent = open();
    issuer.identifies(claims("nonce", sent.get("nonce")));
    Map<String, Object> another = claims("x", "y");
    another.put("aud", "wiki");
    issuer.grants(another);

    WebLogins.Step step = logins.back(sent.get("state"), "c0de", browser);

    assertThat(page(step)).contains("for another application than this gateway");
    assertRefused(step, Refusal.Reason.WRONG_CREDENTIAL);
  }

  @Test
  void givenACodeThatTheIssuerDoesNotTake_orNone_whenBack_thenNobodyIsIn() throws Exception {
    Map<String, String> sent = open();
    issuer.answers(400);
    assertRefused(logins.back(sent.get("state"), "c0de", browser), Refusal.Reason.WRONG_CREDENTIAL);

    sent = open();
    assertRefused(logins.back(sent.get("state"), "", browser), Refusal.Reason.WRONG_CREDENTIAL);
  }

  @Test
  void givenAnIssuerThatFails_whenBack_thenTheClientTriesAgain() throws Exception {
    Map<String, String> sent = open();
    issuer.answers(503);

    assertRefused(
        logins.back(sent.get("state"), "c0de", browser), Refusal.Reason.AUTHENTICATION_AWAY);
    assertThat(logins.renew("r")).failsWithin(Duration.ofSeconds(20));
    issuer.answers(400);
    assertThat(logins.renew("r"))
        .succeedsWithin(Duration.ofSeconds(20))
        .isEqualTo(Optional.empty());
  }

  @Test
  void givenAClientThatHasGone_whenItsPersonGoesOn_thenTheLoginIsOver() throws Exception {
    Map<String, String> sent = open();
    logins.forget(id);

    assertThat(page(logins.back(sent.get("state"), "c0de", browser))).contains("is over");
    assertThat(page(logins.open("x".repeat(32)))).contains("is over");
  }

  private String id;
  private String browser;

  /** A client waits and its browser goes to the issuer; what it says there. */
  private Map<String, String> open() {
    WebLogins.Waiting waiting = logins.begin("192.0.2.7:4711", told::add).orElseThrow();
    id = waiting.id();
    assertThat(waiting.address()).isEqualTo("https://vpn.example/login/" + id);
    WebLogins.Step.Redirect redirect = (WebLogins.Step.Redirect) logins.open(id);
    browser = redirect.browser();
    URI to = redirect.to();
    assertThat(to.toString()).startsWith(issuer.base() + "/authorize?");
    return BrowserIssuer.query(to.getRawQuery());
  }

  private void assertRefused(WebLogins.Step step, Refusal.Reason reason) throws Exception {
    assertThat(page(step)).isNotEmpty();
    assertThat(told.poll(5, TimeUnit.SECONDS).authentication())
        .isInstanceOfSatisfying(
            Authentication.Refused.class,
            refused -> assertThat(refused.refusal().reason()).isEqualTo(reason));
  }

  private static String page(WebLogins.Step step) {
    return ((WebLogins.Step.Page) step).html();
  }

  private Map<String, Object> claims(String name, Object value) {
    Map<String, Object> claims = issuer.claims("alice", Instant.now().plusSeconds(600));
    claims.put(name, value);
    return claims;
  }

  private Map<String, String> form() {
    return issuer.asked().getLast();
  }
}
