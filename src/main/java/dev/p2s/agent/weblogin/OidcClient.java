package dev.p2s.agent.weblogin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.p2s.agent.http.BoundedHttp;
import dev.p2s.agent.oidc.IssuerTrust;
import dev.p2s.dataplane.TokenIssuer;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The gateway as a client of an OpenID Connect issuer: authorization code with PKCE (RFC 6749 §4.1,
 * RFC 7636) and refresh tokens (§6). Takes as long as the issuer does, within bounds.
 */
final class OidcClient implements AutoCloseable {

  /** Bytes; tokens with hundreds of groups have some ten thousand. */
  private static final long LARGEST_ANSWER = 256 * 1024;

  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(8);

  /** The issuer does not answer as one does: that says nothing about the person. */
  static final class AwayException extends IOException {
    private static final long serialVersionUID = 1L;

    AwayException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * What the issuer has given.
   *
   * @param access the access token
   * @param id the ID token; empty at a renewal without one
   * @param refresh renews the access token; empty where the issuer gives none
   */
  record Tokens(String access, String id, String refresh) {
    @Override
    public String toString() {
      return "Tokens";
    }
  }

  private record Endpoints(URI authorization, URI token) {}

  private final TokenIssuer issuer;
  private final String secret;
  private final BoundedHttp http;
  private final ObjectMapper json = JsonMapper.builder().build();
  private volatile Endpoints endpoints;

  /**
   * @param issuer with a web login
   * @param secret the client's, or empty for a public client
   */
  OidcClient(TokenIssuer issuer, String secret) {
    this.issuer = issuer;
    this.secret = secret;
    this.http =
        new BoundedHttp(IssuerTrust.of(issuer.serverRoots()), ANSWER_WITHIN, LARGEST_ANSWER);
  }

  /** Where the browser goes to log in. */
  URI authorization(PendingLogin login) throws AwayException {
    Map<String, String> query = new LinkedHashMap<>();
    query.put("response_type", "code");
    query.put("client_id", issuer.webLogin().clientId());
    query.put("redirect_uri", issuer.webLogin().redirect());
    query.put("scope", String.join(" ", issuer.webLogin().scopes()));
    query.put("state", login.state());
    query.put("nonce", login.nonce());
    query.put("code_challenge", challenge(login.verifier()));
    query.put("code_challenge_method", "S256");
    URI endpoint = endpoints().authorization();
    return URI.create(endpoint + (endpoint.getRawQuery() == null ? "?" : "&") + encoded(query));
  }

  /**
   * What a code is good for; empty where the issuer does not take it.
   *
   * @throws AwayException where the issuer does not answer
   */
  Optional<Tokens> exchange(PendingLogin login, String code) throws AwayException {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("grant_type", "authorization_code");
    form.put("code", code);
    form.put("redirect_uri", issuer.webLogin().redirect());
    form.put("code_verifier", login.verifier());
    return tokens(form);
  }

  /** A fresh access token; empty where the issuer gives none any more. */
  Optional<Tokens> refresh(String token) throws AwayException {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("grant_type", "refresh_token");
    form.put("refresh_token", token);
    return tokens(form);
  }

  @Override
  public void close() {
    http.close();
  }

  private Optional<Tokens> tokens(Map<String, String> form) throws AwayException {
    form.put("client_id", issuer.webLogin().clientId());
    if (!secret.isEmpty()) {
      form.put("client_secret", secret);
    }
    try {
      HttpResponse<byte[]> response =
          http.send(
              HttpRequest.newBuilder(endpoints().token())
                  .header("Content-Type", "application/x-www-form-urlencoded")
                  .header("Accept", "application/json")
                  .POST(HttpRequest.BodyPublishers.ofString(encoded(form))));
      if (response.statusCode() == 400 || response.statusCode() == 401) {
        return Optional.empty();
      }
      if (response.statusCode() != 200) {
        // it may have moved
        endpoints = null;
        throw new AwayException("the token endpoint answers " + response.statusCode(), null);
      }
      JsonNode answer = json.readTree(response.body());
      String access = answer.path("access_token").asText();
      return access.isEmpty()
          ? Optional.empty()
          : Optional.of(
              new Tokens(
                  access, answer.path("id_token").asText(), answer.path("refresh_token").asText()));
    } catch (AwayException e) {
      throw e;
    } catch (IOException e) {
      // what was read may hold tokens: it is not repeated
      throw new AwayException("the issuer gives no tokens", e);
    }
  }

  private Endpoints endpoints() throws AwayException {
    Endpoints known = endpoints;
    if (known != null) {
      return known;
    }
    try {
      JsonNode configuration = json.readTree(http.get(BoundedHttp.https(issuer.discovery())));
      if (!configuration.path("issuer").asText().equals(issuer.issuer())) {
        throw new IOException(issuer.discovery() + " is of another issuer");
      }
      known =
          new Endpoints(
              BoundedHttp.https(configuration.path("authorization_endpoint").asText()),
              BoundedHttp.https(configuration.path("token_endpoint").asText()));
      endpoints = known;
      return known;
    } catch (JsonProcessingException e) {
      throw new AwayException(issuer.discovery() + " is no JSON", e);
    } catch (IOException e) {
      throw new AwayException(e.getMessage(), e);
    }
  }

  private static String challenge(String verifier) {
    try {
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(
              MessageDigest.getInstance("SHA-256")
                  .digest(verifier.getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String encoded(Map<String, String> values) {
    return values.entrySet().stream()
        .map(
            entry ->
                entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }
}
