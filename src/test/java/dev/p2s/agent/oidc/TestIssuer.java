package dev.p2s.agent.oidc;

import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.dataplane.TokenIssuer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;

/** An issuer with keys of its own that signs whatever a test wants said. */
final class TestIssuer {

  static final String TENANT = "11111111-2222-3333-4444-555555555555";
  static final String ISSUER = "https://sts.windows.net/" + TENANT + "/";
  static final String AUDIENCE = "c632b3df-fb67-4d84-bdcf-b95ad541b5c8";
  static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

  /** Keys take long to make; the issuers of a test run differ in nothing else. */
  static final TestIssuer KNOWN = new TestIssuer();

  static final TestIssuer OTHER = new TestIssuer();

  final PublicJsonWebKey rsa;
  final PublicJsonWebKey ec;

  private TestIssuer() {
    try {
      rsa = RsaJwkGenerator.generateJwk(2048);
      rsa.setKeyId("rsa-1");
      rsa.setUse("sig");
      ec = EcJwkGenerator.generateJwk(EllipticCurves.P256);
      ec.setKeyId("ec-1");
    } catch (JoseException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What Entra ID's settings make of a gateway. */
  static TokenIssuer settings(TokenIssuer.RequiredClaim... required) {
    return new TokenIssuer(
        AuthenticationType.EntraID,
        ISSUER,
        "https://login.example/.well-known/openid-configuration",
        AUDIENCE,
        TENANT,
        List.of("RS256", "ES256"),
        List.of("upn", "oid"),
        "groups",
        List.of(required),
        null,
        null);
  }

  /** The claims of a token that lets Alice in. */
  static Map<String, Object> claims() {
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("iss", ISSUER);
    claims.put("aud", AUDIENCE);
    claims.put("tid", TENANT);
    claims.put("nbf", NOW.minusSeconds(300).getEpochSecond());
    claims.put("exp", NOW.plusSeconds(3600).getEpochSecond());
    claims.put("oid", "00000000-0000-0000-0000-0000000000aa");
    claims.put("upn", "alice@example.com");
    claims.put("amr", List.of("pwd", "mfa"));
    claims.put("groups", List.of("g1", "g2"));
    return claims;
  }

  static Map<String, Object> claims(String name, Object value) {
    Map<String, Object> claims = claims();
    if (value == null) {
      claims.remove(name);
    } else {
      claims.put(name, value);
    }
    return claims;
  }

  /** The RSA key under another name. */
  PublicJsonWebKey named(String kid) {
    try {
      PublicJsonWebKey key =
          PublicJsonWebKey.Factory.newPublicJwk(
              rsa.toJson(JsonWebKey.OutputControlLevel.INCLUDE_PRIVATE));
      key.setKeyId(kid);
      return key;
    } catch (JoseException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The public half, as the issuer publishes it. */
  String keySet() {
    return new JsonWebKeySet(publicKeys()).toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY);
  }

  List<PublicJsonWebKey> publicKeys() {
    try {
      List<PublicJsonWebKey> keys = new ArrayList<>();
      for (PublicJsonWebKey key : List.of(rsa, ec)) {
        keys.add(
            PublicJsonWebKey.Factory.newPublicJwk(
                key.toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY)));
      }
      return keys;
    } catch (JoseException e) {
      throw new IllegalStateException(e);
    }
  }

  String sign(Map<String, Object> claims) {
    return sign(claims, "RS256", rsa, Map.of());
  }

  String sign(
      Map<String, Object> claims,
      String algorithm,
      PublicJsonWebKey key,
      Map<String, Object> header) {
    JsonWebSignature signature = new JsonWebSignature();
    signature.setPayload(JsonUtil.toJson(claims));
    signature.setAlgorithmHeaderValue(algorithm);
    signature.setKeyIdHeaderValue(key.getKeyId());
    header.forEach(signature::setHeader);
    signature.setKey(key.getPrivateKey());
    try {
      return signature.getCompactSerialization();
    } catch (JoseException e) {
      throw new IllegalStateException(e);
    }
  }
}
