package dev.p2s.agent.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.dataplane.TokenIssuer;
import dev.p2s.pki.CertificateAuthority;
import dev.p2s.pki.KeyKind;
import dev.p2s.pki.Pem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpsKeySourceTest {

  private static final String CONFIGURATION = "/realms/corp/.well-known/openid-configuration";

  private final CertificateAuthority authority =
      CertificateAuthority.selfSigned(
          "Corp CA", KeyKind.EC_P256, Duration.ofDays(1), Instant.now(), new SecureRandom());
  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
  private HttpsServer server;
  private String base;

  @BeforeEach
  void serve() throws Exception {
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls()));
    server.setExecutor(workers);
    server.start();
    base = "https://localhost:" + server.getAddress().getPort();
    on(CONFIGURATION, exchange -> answer(exchange, 200, configuration(base + "/keys")));
    on("/keys", exchange -> answer(exchange, 200, TestIssuer.KNOWN.keySet()));
  }

  @AfterEach
  void stop() {
    server.stop(0);
    workers.shutdownNow();
  }

  @Test
  void givenAnIssuer_whenAsked_thenItsSigningKeysAreHad() throws IOException {
    assertThat(fetch(Pem.certificate(authority.certificate())))
        .extracting(key -> key.getKeyId())
        .containsExactly("rsa-1", "ec-1");
  }

  @Test
  void givenAServerThatNobodyVouchesFor_whenAsked_thenItIsNotBelieved() {
    assertThatThrownBy(() -> fetch(null)).isInstanceOf(IOException.class);
  }

  @Test
  void givenAConfigurationOfAnotherIssuer_whenAsked_thenItIsNotBelieved() {
    on(
        CONFIGURATION,
        exchange ->
            answer(
                exchange,
                200,
                "{\"issuer\":\"https://evil.example\",\"jwks_uri\":\"" + base + "/keys\"}"));

    assertRefused("is of another issuer than");
  }

  @Test
  void givenAKeySetOfTenMegabytes_whenAsked_thenItIsRefusedEarly() {
    on("/keys", exchange -> answer(exchange, 200, "{\"keys\":[" + " ".repeat(10_000_000) + "]}"));

    assertRefused("/keys");
  }

  @Test
  void givenKeysOverPlainHttp_whenNamed_thenTheyAreNotFetched() {
    on(CONFIGURATION, exchange -> answer(exchange, 200, configuration("http://localhost:1/keys")));

    assertRefused("no https address");
  }

  @Test
  void givenAFileForKeys_whenNamed_thenItIsNotRead() {
    on(CONFIGURATION, exchange -> answer(exchange, 200, configuration("file:///etc/passwd")));

    assertRefused("no https address");
  }

  @Test
  void givenARedirect_whenAsked_thenItIsNotFollowed() {
    on(
        "/keys",
        exchange -> {
          exchange.getResponseHeaders().set("Location", base + "/elsewhere");
          answer(exchange, 302, "");
        });

    assertRefused("answers 302");
  }

  @Test
  void givenSharedKeysOnly_whenAsked_thenThereAreNone() {
    on(
        "/keys",
        exchange ->
            answer(
                exchange, 200, "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"rsa-1\",\"k\":\"AAAA\"}]}"));

    assertRefused("holds 0 keys");
  }

  @Test
  void givenNoJson_whenAsked_thenRefused() {
    on("/keys", exchange -> answer(exchange, 200, "<html>"));

    assertRefused("no JSON Web Key Set");
  }

  @Test
  void givenABodyThatNeverEnds_whenAsked_thenThePatienceEnds() {
    on(
        "/keys",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write('{');
          exchange.getResponseBody().flush();
          try {
            Thread.sleep(Duration.ofSeconds(30));
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });

    assertRefused("does not answer within");
  }

  private void assertRefused(String told) {
    assertThatThrownBy(() -> fetch(Pem.certificate(authority.certificate())))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(told);
  }

  private List<org.jose4j.jwk.PublicJsonWebKey> fetch(String roots) throws IOException {
    try (HttpsKeySource source =
        new HttpsKeySource(
            new TokenIssuer(
                AuthenticationType.OIDC,
                base + "/realms/corp",
                base + CONFIGURATION,
                "vpn",
                null,
                List.of("RS256"),
                List.of("sub"),
                "groups",
                List.of(),
                roots,
                null))) {
      return source.fetch();
    }
  }

  private String configuration(String keys) {
    return "{\"issuer\":\"" + base + "/realms/corp\",\"jwks_uri\":\"" + keys + "\"}";
  }

  private void on(String path, HttpHandler handler) {
    try {
      server.removeContext(path);
    } catch (IllegalArgumentException e) {
      // the first of its kind
    }
    server.createContext(path, handler);
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private SSLContext tls() throws Exception {
    var leaf =
        authority.issueServer(
            "localhost",
            List.of("localhost"),
            KeyKind.EC_P256,
            Duration.ofHours(1),
            Instant.now(),
            new SecureRandom());
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "server",
        leaf.key(),
        new char[0],
        new Certificate[] {leaf.certificate(), authority.certificate()});
    KeyManagerFactory factory = KeyManagerFactory.getInstance("SunX509");
    factory.init(store, new char[0]);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    return context;
  }
}
