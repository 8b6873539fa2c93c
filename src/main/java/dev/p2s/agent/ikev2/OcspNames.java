package dev.p2s.agent.ikev2;

import java.math.BigInteger;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/**
 * What an OCSP request names a certificate by, as one word: its issuer's name and key, its number.
 */
final class OcspNames {

  private OcspNames() {}

  static String of(CertificateID id) {
    return HexFormat.of().formatHex(id.getIssuerNameHash())
        + "."
        + HexFormat.of().formatHex(id.getIssuerKeyHash())
        + "."
        + id.getSerialNumber().toString(16);
  }

  static String of(X509Certificate issuer, BigInteger serial) {
    try {
      return of(
          new CertificateID(
              new JcaDigestCalculatorProviderBuilder().build().get(CertificateID.HASH_SHA1),
              new JcaX509CertificateHolder(issuer),
              serial));
    } catch (OCSPException | OperatorCreationException | CertificateEncodingException e) {
      throw new IllegalArgumentException("a certificate cannot be named", e);
    }
  }
}
