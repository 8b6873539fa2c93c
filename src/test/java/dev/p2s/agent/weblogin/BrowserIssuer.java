package dev.p2s.agent.weblogin;

import com.sun.net.httpserver.HttpExchange;
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
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;

/**
 * An issuer of the test's own on the loopback, over real TLS, that says what the test wants: wrong
 * answers too. BrowserLoginClusterIT logs in at Keycloak.
 */
public final class BrowserIssuer implements AutoCloseable {

  private static final SecureRandom RANDOM = new SecureRandom();

  private final CertificateAuthority authority =
      CertificateAuthority.selfSigned(
          "Corp CA", KeyKind.EC_P256, Duration.ofDays(1), Instant.now(), RANDOM);
  private final RsaJsonWebKey key;
  private final HttpsServer server;
  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
  private final String base;
  private final List<Map<String, String>> asked = new CopyOnWriteArrayList<>();
  private volatile int status = 200;
  private volatile Map<String, Object> idClaims = Map.of();
  private volatile Map<String, Object> accessClaims = Map.of();
  private volatile String refreshToken = "r3fresh";

  public BrowserIssuer() {
    try {
      key = RsaJwkGenerator.generateJwk(2048);
      key.setKeyId("k");
      server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setHttpsConfigurator(new HttpsConfigurator(tls()));
    } catch (IOException | GeneralSecurityException | JoseException e) {
      throw new IllegalStateException(e);
    }
    // two connections at once: one for keys, one for tokens
    server.setExecutor(workers);
    server.createContext("/", this::answer);
    server.start();
    base = "https://localhost:" + server.getAddress().getPort();
  }

  /** What a gateway is told of it. */
  public TokenIssuer issuer() {
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

  /** What the token endpoint answers from now on. */
  public void answers(int code) {
    status = code;
  }

  /** The refresh token that comes with the next tokens. */
  public void rotates(String next) {
    refreshToken = next;
  }

  /** What ID tokens say from now on. */
  public void identifies(Map<String, Object> claims) {
    idClaims = claims;
  }

  /** What access tokens say from now on. */
  public void grants(Map<String, Object> claims) {
    accessClaims = claims;
  }

  /** What a token of the issuer's says. */
  public Map<String, Object> claims(String user, Instant until) {
    Map<String, Object> claims = new HashMap<>();
    claims.put("iss", base);
    claims.put("aud", "vpn");
    claims.put("exp", until.getEpochSecond());
    claims.put("sub", user);
    return claims;
  }

  /** The forms that came to the token endpoint. */
  public List<Map<String, String>> asked() {
    return List.copyOf(asked);
  }

  String base() {
    return base;
  }

  @Override
  public void close() {
    server.stop(0);
    workers.close();
  }

  static Map<String, String> query(String text) {
    Map<String, String> values = new HashMap<>();
    for (String pair : text.split("&")) {
      int equals = pair.indexOf('=');
      values.put(
          pair.substring(0, equals),
          URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
    }
    return values;
  }

  private void answer(HttpExchange exchange) throws IOException {
    int code = 200;
    Map<String, Object> json = new HashMap<>();
    switch (exchange.getRequestURI().getPath()) {
      case "/.well-known/openid-configuration" -> {
        json.put("issuer", base);
        json.put("jwks_uri", base + "/keys");
        json.put("authorization_endpoint", base + "/authorize");
        json.put("token_endpoint", base + "/token");
      }
      case "/keys" ->
          json.put("keys", List.of(key.toParams(JsonWebKey.OutputControlLevel.PUBLIC_ONLY)));
      default -> {
        code = status;
        json.put("access_token", signed(accessClaims));
        json.put("id_token", signed(idClaims));
        json.put("refresh_token", refreshToken);
        asked.add(
            query(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
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
    } catch (JoseException e) {
      throw new IllegalStateException(e);
    }
  }

  private SSLContext tls() throws IOException, GeneralSecurityException {
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
