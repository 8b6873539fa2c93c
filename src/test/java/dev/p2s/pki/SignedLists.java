package dev.p2s.pki;

import java.io.IOException;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** What an authority of a company's own does: issuing authorities below it, revocation lists. */
public final class SignedLists {

  private SignedLists() {}

  /** A list of the authority's, DER. */
  public static byte[] of(
      CertificateAuthority authority,
      Instant thisUpdate,
      Instant nextUpdate,
      BigInteger... serials) {
    return signed(authority, list(authority, thisUpdate, nextUpdate, List.of(serials)));
  }

  /** The same with an extension that means something. */
  static byte[] with(
      CertificateAuthority authority,
      Instant thisUpdate,
      Instant nextUpdate,
      ASN1ObjectIdentifier extension,
      ASN1Encodable value) {
    X509v2CRLBuilder list = list(authority, thisUpdate, nextUpdate, List.of());
    try {
      list.addExtension(extension, true, value);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return signed(authority, list);
  }

  static X509v2CRLBuilder list(
      CertificateAuthority authority,
      Instant thisUpdate,
      Instant nextUpdate,
      List<BigInteger> serials) {
    X509v2CRLBuilder list =
        new X509v2CRLBuilder(
            X500Name.getInstance(authority.certificate().getSubjectX500Principal().getEncoded()),
            Date.from(thisUpdate));
    if (nextUpdate != null) {
      list.setNextUpdate(Date.from(nextUpdate));
    }
    serials.forEach(serial -> list.addCRLEntry(serial, Date.from(thisUpdate), 1));
    return list;
  }

  static byte[] signed(CertificateAuthority authority, X509v2CRLBuilder list) {
    try {
      return list.build(
              new JcaContentSignerBuilder(
                      authority.key().getAlgorithm().equals("RSA")
                          ? "SHA256withRSA"
                          : "SHA256withECDSA")
                  .build(authority.key()))
          .getEncoded();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * An authority below another one.
   *
   * @param length how many authorities may be below it, -1 for any
   */
  public static CertificateAuthority below(
      CertificateAuthority root, String commonName, Instant from, Instant until, int length) {
    SecureRandom random = new SecureRandom();
    KeyPair pair = KeyKind.EC_P256.generate(random);
    try {
      return new CertificateAuthority(
          new JcaX509CertificateConverter()
              .getCertificate(
                  new JcaX509v3CertificateBuilder(
                          X500Name.getInstance(
                              root.certificate().getSubjectX500Principal().getEncoded()),
                          new BigInteger(63, random),
                          Date.from(from),
                          Date.from(until),
                          new X500Name("CN=" + commonName),
                          pair.getPublic())
                      .addExtension(
                          Extension.basicConstraints,
                          true,
                          length < 0 ? new BasicConstraints(true) : new BasicConstraints(length))
                      .build(new JcaContentSignerBuilder("SHA256withECDSA").build(root.key()))),
          pair.getPrivate());
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
