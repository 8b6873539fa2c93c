package dev.p2s.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.p2s.pki.CertificateReader.Problem;
import dev.p2s.pki.CertificateReader.Refused;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;

class CertificateReaderTest {

  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final CertificateAuthority ROOT =
      CertificateAuthority.selfSigned(
          "P2SRootCert", KeyKind.EC_P256, Duration.ofDays(30), NOW, RANDOM);
  private static final CertificateAuthority.Leaf PERSON =
      ROOT.issueClient("alice", KeyKind.EC_P256, Duration.ofDays(1), NOW, RANDOM);

  @Test
  void givenARootInEachForm_whenRead_thenItIsTheSame() throws Exception {
    byte[] der = ROOT.certificate().getEncoded();
    String base64 = Base64.getEncoder().encodeToString(der);

    assertThat(read(base64)).isEqualTo(ROOT.certificate());
    assertThat(read(" " + base64 + "\r\n")).isEqualTo(ROOT.certificate());
    assertThat(read(Pem.certificate(ROOT.certificate()))).isEqualTo(ROOT.certificate());
    assertThat(read("subject=CN = P2SRootCert\r\n" + Pem.certificate(ROOT.certificate())))
        .isEqualTo(ROOT.certificate());
    assertThat(read(new String(der, StandardCharsets.ISO_8859_1))).isEqualTo(ROOT.certificate());
  }

  @Test
  void givenAPrivateKeyInAnyWrapping_whenRead_thenItIsCalledExposedAndNotShown() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    char[] password = "export".toCharArray();
    store.setKeyEntry("alice", PERSON.key(), password, new Certificate[] {PERSON.certificate()});
    ByteArrayOutputStream pfx = new ByteArrayOutputStream();
    store.store(pfx, password);
    PrivateKey rsa = KeyKind.RSA_2048.generate(RANDOM).getPrivate();

    holdsPrivateKey(Pem.certificate(ROOT.certificate()) + Pem.key(PERSON.key()));
    holdsPrivateKey(Pem.key(PERSON.key()));
    holdsPrivateKey(Pem.key(rsa).replace("PRIVATE", "RSA PRIVATE"));
    holdsPrivateKey(base64(pfx.toByteArray()));
    holdsPrivateKey(new String(pfx.toByteArray(), StandardCharsets.ISO_8859_1));
    holdsPrivateKey(base64(PERSON.key().getEncoded()));
    holdsPrivateKey(base64(rsa.getEncoded()));
  }

  @Test
  void givenTheClientsCertificateInPlaceOfTheRoot_whenRead_thenItsIssuerIsNamed() throws Exception {
    refused(
        Pem.certificate(PERSON.certificate()),
        Problem.NotACertificateAuthority,
        "the certificate of CN=alice is no certificate authority; upload the certificate of"
            + " CN=P2SRootCert");
  }

  @Test
  void givenASelfSignedCertificateThatMayNotIssue_whenRead_thenItIsToBeMadeAnew() throws Exception {
    refused(
        Pem.certificate(selfSigned("no CA", "no CA", false, KeyUsage.digitalSignature)),
        Problem.NotACertificateAuthority,
        "make it anew with basicConstraints CA:TRUE");
    refused(
        Pem.certificate(selfSigned("no use", "no use", true, KeyUsage.digitalSignature)),
        Problem.NotACertificateAuthority,
        "keyCertSign");
  }

  @Test
  void givenAnIssuingCertificateWithoutItsRoot_whenRead_thenItIsTaken() throws Exception {
    X509Certificate issuing = selfSigned("Issuing", "Corp root", true, KeyUsage.keyCertSign);

    assertThat(read(Pem.certificate(issuing))).isEqualTo(issuing);
    assertThat(CertificateReader.isSelfIssued(issuing)).isFalse();
  }

  @Test
  void givenARootBeforeOrAfterItsTime_whenRead_thenItsEndIsSaid() {
    String pem = Pem.certificate(ROOT.certificate());

    assertThat(
            catchThrowableOfType(
                Refused.class, () -> CertificateReader.root(pem, NOW.plus(Duration.ofDays(31)))))
        .hasMessageContaining("ended at 2026-12-23T12:00:00Z; upload its successor")
        .extracting(Refused::problem)
        .isEqualTo(Problem.Expired);
    assertThat(
            catchThrowableOfType(
                Refused.class, () -> CertificateReader.root(pem, NOW.minus(Duration.ofDays(1)))))
        .hasMessageContaining("begins at")
        .extracting(Refused::problem)
        .isEqualTo(Problem.NotYetValid);
  }

  @Test
  void givenWhatIsNoCertificate_whenRead_thenTheSentenceSaysWhatToPaste() {
    refused("", Problem.NotACertificate, "is no X.509 certificate");
    refused("hello world, how are you", Problem.NotACertificate, "neither base64 nor PEM");
    refused("-----BEGIN CERTIFICATE-----\nAAAA", Problem.NotACertificate, "no END line");
    refused("A".repeat(CertificateReader.LIMIT + 1), Problem.NotACertificate, "longer than 65536");
    refused(
        Pem.certificate(ROOT.certificate()) + Pem.certificate(ROOT.certificate()),
        Problem.NotACertificate,
        "holds several certificates");
    refused(
        Pem.certificate(ROOT.certificate()).replace("M", "\u0000"),
        Problem.NotACertificate,
        "neither base64 nor PEM");
  }

  @Test
  void givenASubjectThatIsALogLineOfItsOwn_whenRefused_thenItIsShownOnOneLineAndShort()
      throws Exception {
    X509Certificate hostile =
        selfSigned(
            "x\n{\"level\":\"INFO\"}\u001b[2J" + "y".repeat(500), "x", false, KeyUsage.cRLSign);

    Refused refused =
        catchThrowableOfType(
            Refused.class, () -> CertificateReader.root(Pem.certificate(hostile), NOW));

    assertThat(refused.getMessage()).doesNotContain("\n", "\u001b").hasSizeLessThan(700);
  }

  @Property
  void anyText_isACertificateOrRefusedAndNeverAnException(@ForAll String text) {
    judged(text);
  }

  @Property
  void anyBytes_areACertificateOrRefusedAndNeverAnException(@ForAll @Size(max = 200) byte[] bytes) {
    judged(base64(bytes));
    judged(new String(bytes, StandardCharsets.ISO_8859_1));
    judged("-----BEGIN CERTIFICATE-----\n" + base64(bytes) + "\n-----END CERTIFICATE-----");
  }

  @Property(tries = 300)
  void anyCertificateWithABitTurned_isACertificateOrRefusedAndNeverAnException(
      @ForAll int at, @ForAll byte mask) throws Exception {
    byte[] der = ROOT.certificate().getEncoded();
    der[Math.floorMod(at, der.length)] ^= mask;

    judged(base64(der));
  }

  @Test
  void givenAKeyOfAnotherCertificate_whenAnAuthorityIsMade_thenItIsRefused() {
    for (KeyKind kind : KeyKind.values()) {
      PrivateKey other = kind.generate(RANDOM).getPrivate();
      assertThat(
              catchThrowableOfType(
                  IllegalArgumentException.class,
                  () -> CertificateAuthority.matching(ROOT.certificate(), other)))
          .hasMessage("is not the certificate's key");
    }
    assertThat(CertificateAuthority.matching(ROOT.certificate(), ROOT.key())).isEqualTo(ROOT);
    CertificateAuthority rsa =
        CertificateAuthority.selfSigned("r", KeyKind.RSA_2048, Duration.ofDays(1), NOW, RANDOM);
    assertThat(CertificateAuthority.matching(rsa.certificate(), rsa.key())).isEqualTo(rsa);
  }

  private static void judged(String text) {
    try {
      assertThat(CertificateReader.root(text, NOW)).isNotNull();
    } catch (Refused refused) {
      assertThat(refused.getMessage()).isNotBlank();
      assertThat(refused.problem()).isNotNull();
    }
  }

  private static void holdsPrivateKey(String text) {
    Refused refused = catchThrowableOfType(Refused.class, () -> CertificateReader.root(text, NOW));
    assertThat(refused.problem()).isEqualTo(Problem.HoldsPrivateKey);
    assertThat(refused.getMessage())
        .contains("PRIVATE KEY; treat it as exposed; upload only the certificate (.cer)")
        .hasSizeLessThan(200);
  }

  private static void refused(String text, Problem problem, String sentence) {
    Refused refused = catchThrowableOfType(Refused.class, () -> CertificateReader.root(text, NOW));
    assertThat(refused).hasMessageContaining(sentence);
    assertThat(refused.problem()).isEqualTo(problem);
  }

  private static X509Certificate read(String text) throws Refused {
    return CertificateReader.root(text, NOW);
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static X509Certificate selfSigned(
      String subject, String issuer, boolean authority, int usage) throws Exception {
    KeyPair pair = KeyKind.EC_P256.generate(RANDOM);
    return new JcaX509CertificateConverter()
        .getCertificate(
            new JcaX509v3CertificateBuilder(
                    name(issuer),
                    BigInteger.TEN,
                    Date.from(NOW.minusSeconds(60)),
                    Date.from(NOW.plusSeconds(3600)),
                    name(subject),
                    pair.getPublic())
                .addExtension(Extension.basicConstraints, true, new BasicConstraints(authority))
                .addExtension(Extension.keyUsage, true, new KeyUsage(usage))
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
  }

  private static X500Name name(String commonName) {
    return new X500NameBuilder().addRDN(BCStyle.CN, commonName).build();
  }
}
