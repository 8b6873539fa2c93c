package dev.p2s.pki;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A certificate authority of one level: a self-signed root that signs leaves (RFC 5280).
 *
 * @param certificate the root
 * @param key its private key
 */
public record CertificateAuthority(X509Certificate certificate, PrivateKey key) {

  // clocks of phones and laptops run late
  private static final Duration BACKDATE = Duration.ofMinutes(10);

  /** A certificate with its key. */
  public record Leaf(X509Certificate certificate, PrivateKey key) {
    @Override
    public String toString() {
      return "Leaf " + Thumbprint.sha256(certificate);
    }
  }

  /**
   * An authority that somebody brought.
   *
   * @throws IllegalArgumentException where the key is another's
   */
  public static CertificateAuthority matching(X509Certificate certificate, PrivateKey key) {
    if (!belongs(key, certificate.getPublicKey())) {
      throw new IllegalArgumentException("is not the certificate's key");
    }
    return new CertificateAuthority(certificate, key);
  }

  private static boolean belongs(PrivateKey key, PublicKey certified) {
    if (key instanceof RSAPrivateKey rsa && certified instanceof RSAPublicKey other) {
      return rsa.getModulus().equals(other.getModulus());
    }
    if (!key.getAlgorithm().startsWith("EC") || !certified.getAlgorithm().startsWith("EC")) {
      return false;
    }
    try {
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(key);
      byte[] signed = signature.sign();
      signature.initVerify(certified);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /**
   * A new self-signed root.
   *
   * @param commonName its subject's only attribute
   */
  public static CertificateAuthority selfSigned(
      String commonName, KeyKind kind, Duration validity, Instant now, SecureRandom random) {
    KeyPair pair = kind.generate(random);
    X500Name subject = name(commonName);
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            subject,
            serial(random),
            date(now.minus(BACKDATE)),
            date(now.plus(validity)),
            subject,
            pair.getPublic());
    try {
      JcaX509ExtensionUtils ids = new JcaX509ExtensionUtils();
      builder
          .addExtension(Extension.basicConstraints, true, new BasicConstraints(true))
          .addExtension(
              Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
          .addExtension(
              Extension.subjectKeyIdentifier,
              false,
              ids.createSubjectKeyIdentifier(pair.getPublic()));
      return new CertificateAuthority(
          signed(builder, kind.signatureAlgorithm(), pair.getPrivate()), pair.getPrivate());
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * A server's certificate with a new key: serverAuth, and the names that clients may dial.
   *
   * @param alternativeNames DNS names and numeric addresses
   */
  public Leaf issueServer(
      String commonName,
      List<String> alternativeNames,
      KeyKind kind,
      Duration validity,
      Instant now,
      SecureRandom random) {
    KeyPair pair = kind.generate(random);
    return new Leaf(
        issue(
            commonName,
            alternativeNames.stream().map(CertificateAuthority::alternativeName).toList(),
            KeyPurposeId.id_kp_serverAuth,
            pair.getPublic(),
            validity,
            now,
            random),
        pair.getPrivate());
  }

  /** A person's certificate with a new key: clientAuth, and {@link PersonName} where it fits. */
  public Leaf issueClient(
      String commonName, KeyKind kind, Duration validity, Instant now, SecureRandom random) {
    KeyPair pair = kind.generate(random);
    return new Leaf(
        issueClient(commonName, pair.getPublic(), validity, now, random), pair.getPrivate());
  }

  /** A person's certificate for a key that they hold themselves. */
  public X509Certificate issueClient(
      String commonName, PublicKey key, Duration validity, Instant now, SecureRandom random) {
    return issue(
        commonName,
        PersonName.alternative(commonName).stream().toList(),
        KeyPurposeId.id_kp_clientAuth,
        key,
        validity,
        now,
        random);
  }

  /** A certificate of this authority's for another authority: the same name, the same key. */
  public X509Certificate issueStandIn(X509Certificate other, Duration validity, Instant now) {
    try {
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded()),
              new BigInteger(Thumbprint.sha1(other).hex(), 16),
              date(now.minus(BACKDATE)),
              date(now.plus(validity)),
              X500Name.getInstance(other.getSubjectX500Principal().getEncoded()),
              other.getPublicKey());
      builder
          .addExtension(Extension.basicConstraints, true, new BasicConstraints(true))
          .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
      return signed(builder, algorithm(), key);
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private X509Certificate issue(
      String commonName,
      List<GeneralName> alternativeNames,
      KeyPurposeId purpose,
      PublicKey publicKey,
      Duration validity,
      Instant now,
      SecureRandom random) {
    Instant end = now.plus(validity);
    Instant rootEnd = certificate.getNotAfter().toInstant();
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded()),
            serial(random),
            date(now.minus(BACKDATE)),
            date(end.isBefore(rootEnd) ? end : rootEnd),
            name(commonName),
            publicKey);
    int usage =
        publicKey.getAlgorithm().equals("RSA")
            ? KeyUsage.digitalSignature | KeyUsage.keyEncipherment
            : KeyUsage.digitalSignature;
    try {
      JcaX509ExtensionUtils ids = new JcaX509ExtensionUtils();
      builder
          .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
          .addExtension(Extension.keyUsage, true, new KeyUsage(usage))
          .addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose))
          .addExtension(
              Extension.subjectKeyIdentifier, false, ids.createSubjectKeyIdentifier(publicKey))
          .addExtension(
              Extension.authorityKeyIdentifier,
              false,
              ids.createAuthorityKeyIdentifier(certificate.getPublicKey()));
      if (!alternativeNames.isEmpty()) {
        builder.addExtension(
            Extension.subjectAlternativeName,
            false,
            new GeneralNames(alternativeNames.toArray(GeneralName[]::new)));
      }
      return signed(builder, algorithm(), key);
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private String algorithm() {
    return key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
  }

  /** The common name in a certificate's subject; empty where there is none. */
  public static Optional<String> commonName(X509Certificate certificate) {
    RDN[] names =
        X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded())
            .getRDNs(BCStyle.CN);
    return names.length == 0
        ? Optional.empty()
        : Optional.of(((ASN1String) names[0].getFirst().getValue()).getString());
  }

  @Override
  public String toString() {
    return "CertificateAuthority " + Thumbprint.sha256(certificate);
  }

  private static X509Certificate signed(
      JcaX509v3CertificateBuilder builder, String algorithm, PrivateKey key)
      throws GeneralSecurityException {
    try {
      return new JcaX509CertificateConverter()
          .getCertificate(builder.build(new JcaContentSignerBuilder(algorithm).build(key)));
    } catch (OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }

  // The text is an attribute's value and never read as a distinguished name.
  private static X500Name name(String commonName) {
    return new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, commonName).build();
  }

  private static GeneralName alternativeName(String name) {
    boolean numeric = name.matches("[0-9.]+") || name.indexOf(':') >= 0;
    return new GeneralName(numeric ? GeneralName.iPAddress : GeneralName.dNSName, name);
  }

  private static BigInteger serial(SecureRandom random) {
    return new BigInteger(127, random).setBit(126);
  }

  private static Date date(Instant instant) {
    return Date.from(instant.truncatedTo(ChronoUnit.SECONDS));
  }
}
