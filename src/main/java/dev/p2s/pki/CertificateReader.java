package dev.p2s.pki;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;

/**
 * Reads a certificate that a person uploaded: base64 DER on one line as Azure takes it, or PEM.
 * What was uploaded is never echoed.
 */
public final class CertificateReader {

  /** Longest text that is looked at, in characters. */
  public static final int LIMIT = 64 * 1024;

  private static final String BEGIN = "-----BEGIN CERTIFICATE-----";
  private static final String END = "-----END CERTIFICATE-----";

  private CertificateReader() {}

  /** What is wrong with an upload. */
  public enum Problem {
    HoldsPrivateKey,
    NotACertificate,
    NotACertificateAuthority,
    Expired,
    NotYetValid
  }

  /** Why an upload is refused, for a person. */
  public static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;
    private final Problem problem;

    Refused(Problem problem, String message) {
      super(message);
      this.problem = problem;
    }

    public Problem problem() {
      return problem;
    }
  }

  /**
   * Reads a root that clients' certificates may be issued by.
   *
   * @throws Refused where it is none, has ended, or is not for public eyes
   */
  public static X509Certificate root(String text, Instant now) throws Refused {
    X509Certificate certificate = certificate(text);
    if (certificate.getBasicConstraints() < 0) {
      throw new Refused(
          Problem.NotACertificateAuthority,
          "the certificate of "
              + certificate.getSubjectX500Principal()
              + " is no certificate authority; upload the certificate of "
              + certificate.getIssuerX500Principal());
    }
    if (certificate.getNotAfter().toInstant().isBefore(now)) {
      throw new Refused(
          Problem.Expired,
          "the certificate of "
              + certificate.getSubjectX500Principal()
              + " ended at "
              + certificate.getNotAfter().toInstant()
              + "; upload its successor");
    }
    if (certificate.getNotBefore().toInstant().isAfter(now)) {
      throw new Refused(
          Problem.NotYetValid,
          "the certificate of "
              + certificate.getSubjectX500Principal()
              + " begins at "
              + certificate.getNotBefore().toInstant());
    }
    return certificate;
  }

  private static X509Certificate certificate(String text) throws Refused {
    if (text.length() > LIMIT) {
      throw new Refused(
          Problem.NotACertificate, "longer than " + LIMIT + " characters: no single certificate");
    }
    if (text.contains("PRIVATE KEY")) {
      throw new Refused(
          Problem.HoldsPrivateKey,
          "holds a PRIVATE KEY; treat it as exposed; upload only the certificate (.cer)");
    }
    byte[] der = decoded(text);
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (GeneralSecurityException e) {
      throw new Refused(
          looksLikePkcs12(der) ? Problem.HoldsPrivateKey : Problem.NotACertificate,
          looksLikePkcs12(der)
              ? "is a PFX (PKCS#12), which holds a PRIVATE KEY; treat it as exposed; upload only the"
                  + " certificate (.cer)"
              : "is no X.509 certificate; paste the base64 text of the .cer file");
    }
  }

  private static byte[] decoded(String text) throws Refused {
    int begin = text.indexOf(BEGIN);
    String base64 = text;
    if (begin >= 0) {
      int end = text.indexOf(END, begin);
      if (end < 0) {
        throw new Refused(Problem.NotACertificate, "the PEM text has no END line; paste it whole");
      }
      base64 = text.substring(begin + BEGIN.length(), end);
    }
    try {
      return Base64.getDecoder()
          .decode(base64.replaceAll("\\s", "").getBytes(StandardCharsets.ISO_8859_1));
    } catch (IllegalArgumentException e) {
      throw new Refused(
          Problem.NotACertificate,
          "is neither base64 nor PEM; paste the base64 text of the .cer file");
    }
  }

  // PFX ::= SEQUENCE { version INTEGER (3), … } (RFC 7292 §4)
  private static boolean looksLikePkcs12(byte[] der) {
    for (int i = 2; i < Math.min(der.length - 2, 8); i++) {
      if (der[i] == 2 && der[i + 1] == 1 && der[i + 2] == 3) {
        return der[0] == 0x30;
      }
    }
    return false;
  }
}
