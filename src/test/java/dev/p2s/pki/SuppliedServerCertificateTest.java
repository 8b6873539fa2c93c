package dev.p2s.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class SuppliedServerCertificateTest {

  private static final String NAME = "vpn.corp.example";
  private static final Instant NOW = Instant.now();
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final CertificateAuthority ROOT = root("Corp root");
  private static final CertificateAuthority.Leaf LEAF = server(ROOT, NAME);

  @Test
  void givenACertificateOfTheName_whenRead_thenItsPartsAreThere() {
    SuppliedServerCertificate supplied = supplied(LEAF, Pem.certificate(ROOT.certificate()));

    assertThat(Pem.parseCertificate(supplied.chain())).isEqualTo(LEAF.certificate());
    assertThat(supplied.authority()).isEqualTo(Pem.certificate(ROOT.certificate()));
    assertThat(supplied.toString()).doesNotContain("KEY");
  }

  @Test
  void givenAnotherName_whenRead_thenRefusedWithBothNames() {
    assertThatThrownBy(
            () -> supplied(server(ROOT, "other.example"), Pem.certificate(ROOT.certificate())))
        .hasMessage(
            "entry tls.crt has the common name 'other.example' and packages verify"
                + " 'vpn.corp.example'; have it issued for CN=vpn.corp.example");
  }

  @Test
  void givenAnotherRoot_whenRead_thenRefused() {
    assertThatThrownBy(() -> supplied(LEAF, Pem.certificate(root("Corp root").certificate())))
        .hasMessageStartingWith("entry tls.crt does not lead to ca.crt");
  }

  @Test
  void givenAnotherKey_whenRead_thenRefusedWithoutTheKey() {
    String other = Pem.key(server(ROOT, NAME).key());
    assertThatThrownBy(
            () ->
                SuppliedServerCertificate.of(
                    Pem.certificate(LEAF.certificate()),
                    other,
                    Pem.certificate(ROOT.certificate()),
                    NAME,
                    NOW))
        .hasMessage("entry tls.key is not the certificate's key");
  }

  @Test
  void givenAClientsCertificate_whenRead_thenRefused() {
    CertificateAuthority.Leaf client =
        ROOT.issueClient(NAME, KeyKind.EC_P256, Duration.ofDays(1), NOW, RANDOM);
    assertThatThrownBy(() -> supplied(client, Pem.certificate(ROOT.certificate())))
        .hasMessageContaining("serverAuth");
  }

  @Test
  void givenAnExpiredOne_whenRead_thenRefused() {
    assertThatThrownBy(
            () ->
                SuppliedServerCertificate.of(
                    Pem.certificate(LEAF.certificate()),
                    Pem.key(LEAF.key()),
                    Pem.certificate(ROOT.certificate()),
                    NAME,
                    NOW.plus(Duration.ofDays(2))))
        .hasMessageEndingWith("renew it");
  }

  @Property(tries = 300)
  void givenAnyTexts_whenRead_thenAClauseAndNothingElse(
      @ForAll String certificates, @ForAll String key, @ForAll String roots) {
    assertThatThrownBy(() -> SuppliedServerCertificate.of(certificates, key, roots, NAME, NOW))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("entry ");
  }

  private static SuppliedServerCertificate supplied(CertificateAuthority.Leaf leaf, String roots) {
    return SuppliedServerCertificate.of(
        Pem.certificate(leaf.certificate()), Pem.key(leaf.key()), roots, NAME, NOW);
  }

  private static CertificateAuthority root(String name) {
    return CertificateAuthority.selfSigned(name, KeyKind.EC_P256, Duration.ofDays(2), NOW, RANDOM);
  }

  private static CertificateAuthority.Leaf server(CertificateAuthority authority, String name) {
    return authority.issueServer(
        name, List.of(name), KeyKind.EC_P256, Duration.ofDays(1), NOW, RANDOM);
  }
}
