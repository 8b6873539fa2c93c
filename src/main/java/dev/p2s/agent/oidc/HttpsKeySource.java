package dev.p2s.agent.oidc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.p2s.agent.http.BoundedHttp;
import dev.p2s.dataplane.TokenIssuer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.lang.JoseException;

/**
 * An issuer's keys by OpenID Connect Discovery 1.0, over https alone, without following redirects
 * and within bounds of time and size: whoever answers in the issuer's place gains nothing by it.
 */
final class HttpsKeySource implements IssuerKeys.Source {

  /** Bytes; Entra ID's keys, certificates included, are 20 KB. */
  static final long LARGEST_DOCUMENT = 512 * 1024;

  static final Duration ANSWER_WITHIN = Duration.ofSeconds(8);
  private static final int MOST_KEYS = 100;

  private final ObjectMapper json = JsonMapper.builder().build();
  private final TokenIssuer issuer;
  private final BoundedHttp http;

  /**
   * @throws IllegalArgumentException where the issuer's server roots cannot be read
   */
  HttpsKeySource(TokenIssuer issuer) {
    this.issuer = issuer;
    this.http =
        new BoundedHttp(IssuerTrust.of(issuer.serverRoots()), ANSWER_WITHIN, LARGEST_DOCUMENT);
  }

  @Override
  public List<PublicJsonWebKey> fetch() throws IOException {
    JsonNode configuration = object(issuer.discovery());
    String named = configuration.path("issuer").asText();
    if (!named.equals(issuer.issuer())) {
      throw new IOException(issuer.discovery() + " is of another issuer than " + issuer.issuer());
    }
    String address = configuration.path("jwks_uri").asText();
    List<PublicJsonWebKey> keys = keys(get(address));
    if (keys.isEmpty() || keys.size() > MOST_KEYS) {
      throw new IOException(
          address + " holds " + keys.size() + " keys of RSA or EC; 1 to " + MOST_KEYS + " can be");
    }
    return keys;
  }

  @Override
  public void close() {
    http.close();
  }

  private static List<PublicJsonWebKey> keys(String document) throws IOException {
    try {
      return new JsonWebKeySet(document)
          .getJsonWebKeys().stream()
              .filter(PublicJsonWebKey.class::isInstance)
              .map(PublicJsonWebKey.class::cast)
              .filter(key -> List.of("RSA", "EC").contains(key.getKeyType()))
              .toList();
    } catch (JoseException e) {
      throw new IOException("the issuer's key set is no JSON Web Key Set", e);
    }
  }

  private JsonNode object(String address) throws IOException {
    try {
      return json.readTree(get(address));
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IOException(address + " is no JSON", e);
    }
  }

  private String get(String address) throws IOException {
    return new String(http.get(BoundedHttp.https(address)), StandardCharsets.UTF_8);
  }
}
