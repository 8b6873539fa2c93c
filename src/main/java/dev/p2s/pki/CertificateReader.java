package dev.p2s.pki;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import javax.security.auth.x500.X500Principal;

/**
 * Reads a certificate that a person uploaded: base64 DER on one line as Azure takes it, PEM, or DER
 * as it is. What was uploaded is never echoed; of a certificate only whom it names is, on one line.
 */
public final class CertificateReader {

  /** Longest text that is looked at, in characters. */
  public static final int LIMIT = 64 * 1024;

  private static final String BEGIN = "-----BEGIN CERTIFICATE-----";
  private static final String END = "-----END CERTIFICATE-----";

  private static final int SHOWN = 200;
  private static final int KEY_CERT_SIGN = 5;
  private static final int DER_SEQUENCE = 0x30;
  private static final int DER_INTEGER = 2;

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
    String subject = shown(certificate.getSubjectX500Principal());
    if (certificate.getBasicConstraints() < 0 || !mayIssue(certificate)) {
      throw new Refused(
          Problem.NotACertificateAuthority,
          "the certificate of "
              + subject
              + " is no certificate authority; "
              + (isSelfIssued(certificate)
                  ? "make it anew with basicConstraints CA:TRUE and, where it has a keyUsage,"
                      + " keyCertSign"
                  : "upload the certificate of " + shown(certificate.getIssuerX500Principal())));
    }
    if (certificate.getNotAfter().toInstant().isBefore(now)) {
      throw new Refused(
          Problem.Expired,
          "the certificate of "
              + subject
              + " ended at "
              + certificate.getNotAfter().toInstant()
              + "; upload its successor");
    }
    if (certificate.getNotBefore().toInstant().isAfter(now)) {
      throw new Refused(
          Problem.NotYetValid,
          "the certificate of "
              + subject
              + " begins at "
              + certificate.getNotBefore().toInstant()
              + "; upload one that holds already, beside it");
    }
    return certificate;
  }

  /** Whether it is a root, and not an issuing certificate that another has issued. */
  public static boolean isSelfIssued(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
  }

  /** A name from a certificate for people's eyes: one line of at most 200 characters. */
  public static String shown(X500Principal name) {
    String line = name.getName().replaceAll("\\p{Cntrl}", "\uFFFD");
    return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "…";
  }

  // RFC 5280 §4.2.1.3: without the extension a key may be used for everything
  private static boolean mayIssue(X509Certificate certificate) {
    boolean[] usage = certificate.getKeyUsage();
    return usage == null || usage[KEY_CERT_SIGN];
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
      throw looksLikePrivateKey(der)
          ? new Refused(
              Problem.HoldsPrivateKey,
              "is a PFX (PKCS#12) or a key: it holds a PRIVATE KEY; treat it as exposed; upload only"
                  + " the certificate (.cer)")
          : new Refused(
              Problem.NotACertificate,
              "is no X.509 certificate; paste the base64 text of the .cer file");
    }
  }

  // bytes of a .cer as Windows exports it, one character each
  private static boolean isDer(String text) {
    return text.length() > 4
        && text.charAt(0) == DER_SEQUENCE
        && (text.charAt(1) & 0xf0) == 0x80
        && text.chars().allMatch(c -> c < 0x100);
  }

  private static byte[] decoded(String text) throws Refused {
    int begin = text.indexOf(BEGIN);
    String base64 = text;
    if (begin >= 0) {
      int end = text.indexOf(END, begin);
      if (end < 0) {
        throw new Refused(Problem.NotACertificate, "the PEM text has no END line; paste it whole");
      }
      if (text.indexOf(BEGIN, end) >= 0) {
        throw new Refused(
            Problem.NotACertificate,
            "holds several certificates; make a RootCertificate of each one that shall be trusted");
      }
      base64 = text.substring(begin + BEGIN.length(), end);
    } else if (isDer(text)) {
      return text.getBytes(StandardCharsets.ISO_8859_1);
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

  // A certificate begins with a SEQUENCE in a SEQUENCE; PFX, PKCS#8, PKCS#1 and SEC 1 with an
  // INTEGER, their version (RFC 7292 §4, RFC 5958 §2, RFC 8017 §A.1.2, RFC 5915 §3).
  private static boolean looksLikePrivateKey(byte[] der) {
    if (der.length < 16 || der[0] != DER_SEQUENCE) {
      return false;
    }
    int length = der[1] & 0xff;
    int first = length < 0x80 ? 2 : 2 + (length & 0x7f);
    return first + 3 < der.length
        && der[first] == DER_INTEGER
        && der[first + 1] == 1
        && der[first + 2] >= 0
        && der[first + 2] <= 3;
  }
}
