package dev.p2s.pki;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The digest of a certificate's DER form, in lower-case hexadecimal digits: SHA-1 as Azure writes
 * it (40 digits) or SHA-256 (64).
 */
public record Thumbprint(String hex) {

  private static final Pattern HEX = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");

  public Thumbprint {
    if (!HEX.matcher(hex).matches()) {
      throw new IllegalArgumentException(
          "is no thumbprint: 40 (SHA-1) or 64 (SHA-256) hexadecimal digits");
    }
  }

  /**
   * Reads a thumbprint as people paste it: any case, with spaces or colons, with the invisible mark
   * that Windows' certificate dialog copies along.
   *
   * @throws IllegalArgumentException where it is none
   */
  @JsonCreator
  public static Thumbprint parse(String text) {
    return new Thumbprint(text.replaceAll("[\\s:\u200e]", "").toLowerCase(Locale.ROOT));
  }

  public static Thumbprint sha1(X509Certificate certificate) {
    return digest("SHA-1", certificate);
  }

  public static Thumbprint sha256(X509Certificate certificate) {
    return digest("SHA-256", certificate);
  }

  @JsonValue
  @Override
  public String toString() {
    return hex;
  }

  private static Thumbprint digest(String algorithm, X509Certificate certificate) {
    try {
      return new Thumbprint(
          HexFormat.of()
              .formatHex(MessageDigest.getInstance(algorithm).digest(certificate.getEncoded())));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
