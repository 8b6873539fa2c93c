package dev.p2s.agent.weblogin;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.p2s.agent.oidc.TokenAuthenticator;
import dev.p2s.agent.session.Authentication;
import dev.p2s.agent.session.Refusal;
import dev.p2s.agent.state.StateBundle;
import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.dataplane.StateSecret;
import dev.p2s.dataplane.States;
import dev.p2s.dataplane.TokenIssuer;
import dev.p2s.pki.CertificateAuthority;
import dev.p2s.pki.KeyKind;
import dev.p2s.pki.Pem;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.JsonWebSignature;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What an issuer that answers wrongly can do: an issuer of the test's own on the loopback, over
 * real TLS. EntraClusterIT logs in at Keycloak.
 */
class WebLoginsTest {

  private static final SecureRandom RANDOM = new SecureRandom();
  private final CertificateAuthority authority =
      CertificateAuthority.selfSigned(
          "Corp CA", KeyKind.EC_P256, Duration.ofDays(1), Instant.now(), RANDOM);
  private final BlockingQueue<WebLogins.Outcome> told = new LinkedBlockingQueue<>();
  private final TokenAuthenticator tokens =
      new TokenAuthenticator(Clock.systemUTC(), new SimpleMeterRegistry());
  private final WebLogins logins = new WebLogins(tokens, Clock.systemUTC(), RANDOM);
  private RsaJsonWebKey key;
  private HttpsServer server;
  private String base;
  private int status = 200;
  private Map<String, Object> idClaims = Map.of();
  private Map<String, Object> accessClaims = Map.of();
  private Map<String, String> form = Map.of();

  @BeforeEach
  void begin() throws Exception {
    key = RsaJwkGenerator.generateJwk(2048);
    key.setKeyId("k");
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls()));
    server.createContext("/", this::answer);
    server.start();
    base = "https://localhost:" + server.getAddress().getPort();
    StateBundle bundle =
        new StateBundle(
            States.gateway().authentications(AuthenticationType.OIDC).tokenIssuer(issuer()).build(),
            "",
            Map.of(StateSecret.OIDC_CLIENT_SECRET, "s3cret&more"));
    tokens.follow(bundle);
    logins.follow(bundle);
  }

  @AfterEach
  void end() {
    logins.close();
    tokens.close();
    server.stop(0);
  }

  @Test
  void givenALogin_whenAllIsRight_thenThePersonIsAskedAndThenKnown() throws Exception {
    Map<String, String> sent = open();
    assertThat(sent)
        .containsEntry("redirect_uri", "https://vpn.example/login/callback")
        .containsEntry("code_challenge_method", "S256")
        .containsEntry("scope", "openid");
    idClaims = claims("nonce", sent.get("nonce"));
    accessClaims = claims("x", "y");

    assertThat(page(logins.back(sent.get("state"), "c0de", browser)))
        .contains("<b>alice</b>", "<b>192.0.2.7:4711</b>");
    assertThat(form)
        .containsEntry("code", "c0de")
        .containsEntry("client_secret", "s3cret&more")
        .containsEntry("grant_type", "authorization_code");
    assertThat(form.get("code_verifier")).hasSize(64);
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
    idClaims = claims("nonce", "another");
    accessClaims = claims("x", "y");

    assertRefused(logins.back(sent.get("state"), "c0de", browser), Refusal.Reason.WRONG_CREDENTIAL);
  }

  @Test
  void givenAnIdTokenForAnotherClient_whenItComesBack_thenNobodyIsIn() throws Exception {
    Map<String, String> sent = open();
    idClaims = new HashMap<>(claims("nonce", sent.get("nonce")));
    idClaims.put("aud", "wiki");
    accessClaims = claims("x", "y");

    assertRefused(logins.back(sent.get("state"), "c0de", browser), Refusal.Reason.WRONG_CREDENTIAL);
  }

  @Test
  void givenAnAccessTokenForAnotherApplication_whenItComesBack_thenTheSentenceSaysSo()
      throws Exception {
    Map<String, String> sent = open();
    idClaims = claims("nonce", sent.get("nonce"));
    accessClaims = new HashMap<>(claims("x", "y"));
    accessClaims.put("aud", "wiki");

    WebLogins.Step step = logins.back(sent.get("state"), "c0de", browser);

    assertThat(page(step)).contains("for another application than this gateway");
    assertRefused(step, Refusal.Reason.WRONG_CREDENTIAL);
  }

  @Test
  void givenACodeThatTheIssuerDoesNotTake_orNone_whenBack_thenNobodyIsIn() throws Exception {
    Map<String, String> sent = open();
    status = 400;
    assertRefused(logins.back(sent.get("state"), "c0de", browser), Refusal.Reason.WRONG_CREDENTIAL);

    sent = open();
    assertRefused(logins.back(sent.get("state"), "", browser), Refusal.Reason.WRONG_CREDENTIAL);
  }

  @Test
  void givenAnIssuerThatFails_whenBack_thenTheClientTriesAgain() throws Exception {
    Map<String, String> sent = open();
    status = 503;

    assertRefused(
        logins.back(sent.get("state"), "c0de", browser), Refusal.Reason.AUTHENTICATION_AWAY);
    assertThat(logins.renew("r")).failsWithin(Duration.ofSeconds(20));
    status = 400;
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
    assertThat(to.toString()).startsWith(base + "/authorize?");
    return query(to.getRawQuery());
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
    Map<String, Object> claims = new HashMap<>();
    claims.put("iss", base);
    claims.put("aud", "vpn");
    claims.put("exp", Instant.now().plusSeconds(600).getEpochSecond());
    claims.put("sub", "alice");
    claims.put(name, value);
    return claims;
  }

  private TokenIssuer issuer() {
    return new TokenIssuer(
        AuthenticationType.OIDC,
        base,
        base + "/.well-known/openid-configuration",
        "vpn",
        null,
        List.of("RS256"),
        List.of("sub"),
        "groups",
        List.of(),
        Pem.certificate(authority.certificate()),
        new TokenIssuer.WebLogin("https://vpn.example", "vpn", List.of("openid")));
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    int code = 200;
    Map<String, Object> json = new HashMap<>();
    switch (path) {
      case "/.well-known/openid-configuration" -> {
        json.put("issuer", base);
        json.put("jwks_uri", base + "/keys");
        json.put("authorization_endpoint", base + "/authorize");
        json.put("token_endpoint", base + "/token");
      }
      case "/keys" ->
          json.put("keys", List.of(key.toParams(JsonWebKey.OutputControlLevel.PUBLIC_ONLY)));
      default -> {
        form = query(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        code = status;
        json.put("access_token", signed(accessClaims));
        json.put("id_token", signed(idClaims));
        json.put("refresh_token", "r3fresh");
      }
    }
    byte[] body = JsonUtil.toJson(json).getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(code, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private String signed(Map<String, Object> claims) {
    JsonWebSignature token = new JsonWebSignature();
    token.setPayload(JsonUtil.toJson(claims));
    token.setAlgorithmHeaderValue("RS256");
    token.setKeyIdHeaderValue("k");
    token.setKey(key.getPrivateKey());
    try {
      return token.getCompactSerialization();
    } catch (org.jose4j.lang.JoseException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, String> query(String text) {
    Map<String, String> values = new HashMap<>();
    for (String pair : text.split("&")) {
      int equals = pair.indexOf('=');
      values.put(
          pair.substring(0, equals),
          URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
    }
    return values;
  }

  private SSLContext tls() throws Exception {
    CertificateAuthority.Leaf leaf =
        authority.issueServer(
            "localhost",
            List.of("localhost"),
            KeyKind.EC_P256,
            Duration.ofHours(1),
            Instant.now(),
            RANDOM);
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry("server", leaf.key(), new char[0], new Certificate[] {leaf.certificate()});
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(store, new char[0]);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }
}
