package dev.p2s.agent.oidc;

import dev.p2s.dataplane.TokenIssuer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.Use;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;

/**
 * A JSON Web Token in its compact form (RFC 7519, 7515). Keys come from the issuer only: what a
 * token says of keys ({@code jwk}, {@code jku}, {@code x5u}) is not looked at, and {@code kid} is
 * compared, never opened.
 */
final class SignedToken {

  /** More than the gateway's servers take as a password. */
  static final int LONGEST = 16 * 1024;

  private final JsonWebSignature signature;

  private SignedToken(JsonWebSignature signature) {
    this.signature = signature;
  }

  /** Whether a password is meant to be a token: three parts, the first of them a JSON object. */
  static boolean looksLike(String password) {
    return password.startsWith("eyJ")
        && password.chars().filter(letter -> letter == '.').count() == 2;
  }

  /** Reads a token; empty where it is none or is not signed in a way that counts. */
  static Optional<SignedToken> parse(String text, TokenIssuer issuer) {
    if (text.length() > LONGEST || !looksLike(text)) {
      return Optional.empty();
    }
    JsonWebSignature signature = new JsonWebSignature();
    signature.setAlgorithmConstraints(
        new AlgorithmConstraints(
            AlgorithmConstraints.ConstraintType.PERMIT,
            issuer.algorithms().toArray(String[]::new)));
    try {
      signature.setCompactSerialization(text);
      return issuer.algorithms().contains(signature.getAlgorithmHeaderValue())
          ? Optional.of(new SignedToken(signature))
          : Optional.empty();
    } catch (JoseException e) {
      return Optional.empty();
    }
  }

  /** The key that it names, or null. */
  String keyId() {
    return signature.getKeyIdHeaderValue();
  }

  /** Its claims, where one of the keys is of its kind and has signed it; else empty. */
  Optional<Map<String, Object>> claims(List<PublicJsonWebKey> keys) {
    List<PublicJsonWebKey> fitting = keys.stream().filter(this::fits).toList();
    // a token that names no key may not make the gateway try them all
    if (fitting.size() != 1) {
      return Optional.empty();
    }
    signature.setKey(fitting.getFirst().getPublicKey());
    try {
      return signature.verifySignature()
          ? Optional.of(JsonUtil.parseJson(signature.getPayload()))
          : Optional.empty();
    } catch (JoseException e) {
      return Optional.empty();
    }
  }

  private boolean fits(PublicJsonWebKey key) {
    String algorithm = signature.getAlgorithmHeaderValue();
    String type = algorithm.startsWith("ES") ? "EC" : "RSA";
    return type.equals(key.getKeyType())
        && (key.getUse() == null || Use.SIGNATURE.equals(key.getUse()))
        && (key.getAlgorithm() == null || key.getAlgorithm().equals(algorithm));
  }
}
