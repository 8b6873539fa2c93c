package dev.p2s.pki;

import java.io.IOException;
import java.io.StringReader;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Set;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;

/**
 * A certificate request (PKCS#10, RFC 2986) that a person made. Its public key is all that is used
 * of it: whom the certificate names and what it is good for, others decide.
 */
public final class CertificateRequest {

  /** Longest text that is looked at, in characters. */
  public static final int LIMIT = 16 * 1024;

  private static final Set<String> TYPES = Set.of("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST");
  private static final int RSA_LEAST = 2048;
  private static final int RSA_MOST = 8192;
  private static final int EC_LEAST = 256;

  private CertificateRequest() {}

  /**
   * The key that the request asks a certificate for, proved by its signature (RFC 2986 §4.2).
   *
   * @throws IllegalArgumentException where the text is no such request, its signature is not by its
   *     key, or the key is weak; says what to do and never echoes the text
   */
  public static PublicKey key(String pem) {
    if (pem.contains("PRIVATE KEY")) {
      throw new IllegalArgumentException(
          "holds a PRIVATE KEY; treat it as exposed; give only the request");
    }
    PublicKey key;
    boolean proved;
    try {
      JcaPKCS10CertificationRequest request = new JcaPKCS10CertificationRequest(der(pem));
      key = request.getPublicKey();
      proved = request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key));
    } catch (IOException | GeneralSecurityException | PKCSException e) {
      throw unreadable();
    } catch (OperatorCreationException | RuntimeException e) {
      // how the library tells broken ASN.1 and unknown algorithms
      throw unreadable();
    }
    if (!proved) {
      throw new IllegalArgumentException(
          "the request's signature is not by its own key; make the request anew");
    }
    if (!strong(key)) {
      throw new IllegalArgumentException(
          "the request's key is none that VPN clients and servers take; use RSA of "
              + RSA_LEAST
              + " to "
              + RSA_MOST
              + " bits, or EC on P-256, P-384 or P-521");
    }
    return key;
  }

  private static byte[] der(String pem) throws IOException {
    if (pem.length() > LIMIT) {
      throw unreadable();
    }
    try (PemReader reader = new PemReader(new StringReader(pem))) {
      PemObject object = reader.readPemObject();
      if (object == null || !TYPES.contains(object.getType())) {
        throw unreadable();
      }
      return object.getContent();
    }
  }

  private static boolean strong(PublicKey key) {
    return switch (key) {
      case RSAPublicKey rsa ->
          rsa.getModulus().bitLength() >= RSA_LEAST && rsa.getModulus().bitLength() <= RSA_MOST;
      case ECPublicKey ec -> ec.getParams().getCurve().getField().getFieldSize() >= EC_LEAST;
      default -> false;
    };
  }

  private static IllegalArgumentException unreadable() {
    return new IllegalArgumentException(
        "is no certificate request in PEM; make one with openssl req -new -newkey rsa:2048 -nodes"
            + " -keyout alice.key -subj /CN=alice");
  }
}
