package dev.p2s.agent.ikev2;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.cert.ocsp.BasicOCSPRespBuilder;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPReq;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.RespID;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Signs what the agent says of certificates with a key that lives as long as the agent does; charon
 * trusts its certificate, which is made known to it over vici, for nothing else.
 */
final class OcspSigner {

  /** What is said of a certificate. */
  enum Verdict {
    GOOD,
    REFUSED
  }

  /**
   * charon relies on a good answer so long; a refusal it remembers although it is no longer valid,
   * until it is told to forget it.
   */
  private static final Duration KEEP = Duration.ofSeconds(2);

  private static final Duration VALIDITY = Duration.ofDays(3650);
  private static final X500Name NAME = new X500Name("CN=P2S agent");

  private final X509Certificate certificate;
  private final ContentSigner signer;

  private OcspSigner(X509Certificate certificate, ContentSigner signer) {
    this.certificate = certificate;
    this.signer = signer;
  }

  static OcspSigner create(Instant now, SecureRandom random) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), random);
      KeyPair key = generator.generateKeyPair();
      ContentSigner signer = new JcaContentSignerBuilder("SHA256withECDSA").build(key.getPrivate());
      X509CertificateHolder holder =
          new JcaX509v3CertificateBuilder(
                  NAME,
                  new BigInteger(127, random),
                  Date.from(now.minus(Duration.ofDays(1))),
                  Date.from(now.plus(VALIDITY)),
                  NAME,
                  key.getPublic())
              .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
              .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
              .addExtension(
                  Extension.extendedKeyUsage,
                  false,
                  new ExtendedKeyUsage(KeyPurposeId.id_kp_OCSPSigning))
              .build(signer);
      return new OcspSigner(new JcaX509CertificateConverter().getCertificate(holder), signer);
    } catch (GeneralSecurityException | OperatorCreationException | CertIOException e) {
      throw new IllegalStateException(e);
    }
  }

  X509Certificate certificate() {
    return certificate;
  }

  byte[] answer(OCSPReq request, CertificateID id, Verdict verdict, Instant now) {
    CertificateStatus status =
        verdict == Verdict.GOOD
            ? CertificateStatus.GOOD
            : new RevokedStatus(Date.from(now.minusSeconds(1)));
    Instant until = verdict == Verdict.GOOD ? now.plus(KEEP) : now.minusSeconds(1);
    BasicOCSPRespBuilder builder = new BasicOCSPRespBuilder(new RespID(NAME));
    builder.addResponse(
        id, status, Date.from(now.minusSeconds(1)), Date.from(until), (Extensions) null);
    Extension nonce = request.getExtension(OCSPObjectIdentifiers.id_pkix_ocsp_nonce);
    if (nonce != null) {
      builder.setResponseExtensions(new Extensions(nonce));
    }
    try {
      return new OCSPRespBuilder()
          .build(
              OCSPRespBuilder.SUCCESSFUL,
              builder.build(
                  signer,
                  new X509CertificateHolder[] {new X509CertificateHolder(certificate.getEncoded())},
                  Date.from(now)))
          .getEncoded();
    } catch (OCSPException | IOException | CertificateException e) {
      throw new IllegalStateException(e);
    }
  }

  byte[] tryLater() {
    return without(OCSPRespBuilder.TRY_LATER);
  }

  byte[] malformed() {
    return without(OCSPRespBuilder.MALFORMED_REQUEST);
  }

  private static byte[] without(int status) {
    try {
      return new OCSPRespBuilder().build(status, null).getEncoded();
    } catch (OCSPException | IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
