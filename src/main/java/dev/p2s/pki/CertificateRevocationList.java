package dev.p2s.pki;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Enumeration;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.IssuingDistributionPoint;
import org.bouncycastle.asn1.x509.TBSCertList;
import org.bouncycastle.cert.CertException;
import org.bouncycastle.cert.X509CRLHolder;
import org.bouncycastle.operator.DefaultAlgorithmNameFinder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;

/**
 * A certificate revocation list (RFC 5280 §5), verified: which of its signer's certificates are
 * taken back.
 *
 * @param signer SHA-256 thumbprint of the authority that signed it, 64 lower-case hexadecimal
 *     digits; it says something of certificates that this one has issued, and of no others
 * @param thisUpdate when it was made
 * @param nextUpdate when its successor is there at the latest; from then on it is stale
 * @param revoked what it names
 */
public record CertificateRevocationList(
    String signer, Instant thisUpdate, Instant nextUpdate, RevokedSerials revoked) {

  /** Bytes of the longest list that is read: some 50,000 certificates. */
  public static final int LIMIT = 2 * 1024 * 1024;

  // clocks of authorities run ahead
  private static final Duration SKEW = Duration.ofMinutes(5);

  private static final String BEGIN = "-----BEGIN X509 CRL-----";
  private static final String END = "-----END X509 CRL-----";
  private static final int CRL_SIGN = 6;

  /** Extensions that are understood, so that they may be critical (RFC 5280 §5.2). */
  private static final Set<ASN1ObjectIdentifier> KNOWN =
      Set.of(
          Extension.authorityKeyIdentifier,
          Extension.cRLNumber,
          Extension.issuingDistributionPoint,
          Extension.reasonCode,
          Extension.invalidityDate);

  /**
   * Reads a list, DER or PEM.
   *
   * @param authorities who may have signed it: a root and what is between it and its clients
   * @throws IllegalArgumentException where it is none that counts: a clause that says why
   */
  public static CertificateRevocationList read(
      byte[] text, List<X509Certificate> authorities, Instant now) {
    if (text.length > LIMIT) {
      throw new IllegalArgumentException("is longer than " + LIMIT + " bytes");
    }
    try {
      return read(new X509CRLHolder(der(text)), authorities, now);
    } catch (Refused e) {
      throw new IllegalArgumentException(e.getMessage());
      // the library answers hostile input with what comes to hand; deep nesting is one of that
    } catch (IOException | RuntimeException | StackOverflowError e) {
      throw new IllegalArgumentException("is no certificate revocation list");
    }
  }

  /** Whether its successor should have been there. */
  public boolean isStale(Instant now) {
    return now.isAfter(nextUpdate);
  }

  private static CertificateRevocationList read(
      X509CRLHolder list, List<X509Certificate> authorities, Instant now) throws Refused {
    X509Certificate signer = signer(list, authorities);
    understood(list.getExtensions());
    scope(list.getExtensions());
    if (list.getNextUpdate() == null) {
      throw new Refused("does not say when the next one comes (nextUpdate)");
    }
    Instant thisUpdate = list.getThisUpdate().toInstant();
    if (thisUpdate.isAfter(now.plus(SKEW))) {
      throw new Refused("begins at " + thisUpdate + ", which is yet to come");
    }
    return new CertificateRevocationList(
        Thumbprint.sha256(signer).hex(),
        thisUpdate,
        list.getNextUpdate().toInstant(),
        new RevokedSerials(revoked(list)));
  }

  private static X509Certificate signer(X509CRLHolder list, List<X509Certificate> authorities)
      throws Refused {
    boolean named = false;
    for (X509Certificate authority : authorities) {
      if (isIssuer(list, authority)) {
        named = true;
        if (maySign(authority) && isSigned(list, authority)) {
          return authority;
        }
      }
    }
    throw new Refused(
        named
            ? "is not signed by whom it names, or with a key that is not for lists (cRLSign)"
            : "is not of the root, nor of one of its intermediates");
  }

  private static boolean isIssuer(X509CRLHolder list, X509Certificate authority) {
    return list.getIssuer()
        .equals(
            org.bouncycastle.asn1.x500.X500Name.getInstance(
                authority.getSubjectX500Principal().getEncoded()));
  }

  private static boolean maySign(X509Certificate authority) {
    boolean[] usage = authority.getKeyUsage();
    return usage == null || usage[CRL_SIGN];
  }

  private static boolean isSigned(X509CRLHolder list, X509Certificate authority) {
    String algorithm =
        new DefaultAlgorithmNameFinder()
            .getAlgorithmName(list.toASN1Structure().getSignatureAlgorithm());
    try {
      return !algorithm.startsWith("MD")
          && list.isSignatureValid(
              new JcaContentVerifierProviderBuilder().build(authority.getPublicKey()));
    } catch (CertException | OperatorCreationException e) {
      return false;
    }
  }

  private static void understood(Extensions extensions) throws Refused {
    if (extensions == null) {
      return;
    }
    for (ASN1ObjectIdentifier critical : extensions.getCriticalExtensionOIDs()) {
      if (!KNOWN.contains(critical)) {
        throw new Refused(
            critical.equals(Extension.deltaCRLIndicator)
                ? "is a delta; name the whole list"
                : critical.equals(Extension.certificateIssuer)
                    ? "names certificates of other issuers; name a list of the issuer's own"
                    : "has a critical extension " + critical + " that is not understood");
      }
    }
  }

  /** A list of some certificates only would let others pass that are taken back. */
  private static void scope(Extensions extensions) throws Refused {
    IssuingDistributionPoint point =
        extensions == null
            ? null
            : IssuingDistributionPoint.getInstance(
                extensions.getExtensionParsedValue(Extension.issuingDistributionPoint));
    if (point != null
        && (point.isIndirectCRL()
            || point.onlyContainsAttributeCerts()
            || point.onlyContainsCACerts()
            || point.getOnlySomeReasons() != null)) {
      throw new Refused("is not about all that its issuer has taken back; name the whole list");
    }
  }

  private static List<BigInteger> revoked(X509CRLHolder list) throws Refused {
    List<BigInteger> serials = new ArrayList<>();
    Enumeration<?> entries =
        list.toASN1Structure().getTBSCertList().getRevokedCertificateEnumeration();
    while (entries.hasMoreElements()) {
      TBSCertList.CRLEntry entry = (TBSCertList.CRLEntry) entries.nextElement();
      understood(entry.getExtensions());
      serials.add(entry.getUserCertificate().getValue());
    }
    return serials;
  }

  private static byte[] der(byte[] text) throws Refused {
    String start = new String(text, 0, Math.min(text.length, 4096), StandardCharsets.ISO_8859_1);
    if (!start.contains(BEGIN)) {
      return text;
    }
    String pem = new String(text, StandardCharsets.ISO_8859_1);
    int begin = pem.indexOf(BEGIN) + BEGIN.length();
    int end = pem.indexOf(END, begin);
    if (end < 0) {
      throw new Refused("is PEM without an END line");
    }
    return Base64.getMimeDecoder().decode(pem.substring(begin, end));
  }

  private static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }
  }
}
