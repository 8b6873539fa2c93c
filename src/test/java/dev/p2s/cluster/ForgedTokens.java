package dev.p2s.cluster;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;

/** What careless verifiers take for an issuer's token, made of a good one. */
final class ForgedTokens {

  private ForgedTokens() {}

  /**
   * Its claims, signed with the issuer's public key as if that were a shared one.
   *
   * @param keys the issuer's published keys
   */
  static String signedWithThePublicKey(String good, String keys) {
    try {
      JsonWebKey key = new JsonWebKeySet(keys).findJsonWebKey(null, "RSA", "sig", "RS256");
      JsonWebSignature forged = new JsonWebSignature();
      forged.setPayload(
          new String(
              Base64.getUrlDecoder()
                  .decode(good.substring(good.indexOf('.') + 1, good.lastIndexOf('.'))),
              StandardCharsets.UTF_8));
      forged.setAlgorithmHeaderValue("HS256");
      forged.setKeyIdHeaderValue(key.getKeyId());
      forged.setKey(new HmacKey(key.getKey().getEncoded()));
      forged.setDoKeyValidation(false);
      return forged.getCompactSerialization();
    } catch (JoseException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Its claims and signature, with another key's name. */
  static String naming(String key, String good) {
    return Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(
                "{\"alg\":\"RS256\",\"kid\":\"%s\"}"
                    .formatted(key)
                    .getBytes(StandardCharsets.UTF_8))
        + good.substring(good.indexOf('.'));
  }
}
