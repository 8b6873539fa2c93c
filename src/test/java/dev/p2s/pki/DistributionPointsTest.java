package dev.p2s.pki;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;

class DistributionPointsTest {

  @Test
  void givenACertificateOfACompany_whenRead_thenWhatCanBeFetchedIsThereInOrder() throws Exception {
    assertThat(
            DistributionPoints.of(
                certificate(
                    points(
                        "ldap:///CN=Corp%20root?certificateRevocationList",
                        "http://pki.corp.example/root.crl",
                        "https://pki.corp.example/root.crl",
                        "file:///etc/passwd",
                        "http://pki.corp.example/with space.crl",
                        "http://pki.corp.example/root.crl"))))
        .containsExactly("http://pki.corp.example/root.crl", "https://pki.corp.example/root.crl");
  }

  @Test
  void givenNoneOrWhatNobodyCanRead_whenRead_thenItNamesNothing() throws Exception {
    assertThat(DistributionPoints.of(certificate(null))).isEmpty();
    assertThat(DistributionPoints.of(certificate(new DEROctetString(new byte[] {1})))).isEmpty();
  }

  private static CRLDistPoint points(String... addresses) {
    return new CRLDistPoint(
        Stream.of(addresses)
            .map(
                address ->
                    new DistributionPoint(
                        new DistributionPointName(
                            new GeneralNames(
                                new GeneralName(GeneralName.uniformResourceIdentifier, address))),
                        null,
                        null))
            .toArray(DistributionPoint[]::new));
  }

  private static X509Certificate certificate(ASN1Encodable points) throws Exception {
    KeyPair pair = KeyKind.EC_P256.generate(new SecureRandom());
    X500Name name = new X500Name("CN=Corp root");
    JcaX509v3CertificateBuilder certificate =
        new JcaX509v3CertificateBuilder(
            name,
            BigInteger.ONE,
            Date.from(Instant.now()),
            Date.from(Instant.now().plusSeconds(60)),
            name,
            pair.getPublic());
    if (points != null) {
      certificate.addExtension(Extension.cRLDistributionPoints, false, points);
    }
    return new JcaX509CertificateConverter()
        .getCertificate(
            certificate.build(
                new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
  }
}
