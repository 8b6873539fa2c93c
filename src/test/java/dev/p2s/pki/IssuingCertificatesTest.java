package dev.p2s.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class IssuingCertificatesTest {

  private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");
  private static final Instant LATER = NOW.plus(Duration.ofDays(9));
  private static final CertificateAuthority ROOT = authority("Corp root");
  private static final CertificateAuthority UPPER = below(ROOT, "Upper", -1);
  private static final CertificateAuthority LOWER = below(UPPER, "Lower", -1);

  @Test
  void givenAWayOfTwoInAnyOrderAndTheRootItself_whenRead_thenBothAreUsable() {
    IssuingCertificates.Issuing read = read(LOWER, ROOT, UPPER);

    assertThat(read.usable()).containsExactly(LOWER.certificate(), UPPER.certificate());
    assertThat(read.leftOut()).isEmpty();
  }

  @Test
  void givenTheUpperOneIsMissing_whenRead_thenTheRefusalSaysWhatToAdd() {
    assertThatThrownBy(() -> read(LOWER))
        .hasMessage(
            "has the certificate of CN=Lower, which does not lead to the root; put what is between"
                + " them beside it, or make a RootCertificate of it");
  }

  @Test
  void givenOneOfAnotherRoot_whenRead_thenItIsRefused() {
    assertThatThrownBy(() -> read(below(authority("Corp root"), "Forged", -1)))
        .hasMessageContaining("CN=Forged, which does not lead to the root");
  }

  @Test
  void givenAPersonsCertificate_whenRead_thenItIsNoAuthority() {
    CertificateAuthority.Leaf alice =
        ROOT.issueClient("alice", KeyKind.EC_P256, Duration.ofDays(1), NOW, new SecureRandom());

    assertThatThrownBy(
            () ->
                IssuingCertificates.read(
                    Pem.certificate(alice.certificate()), ROOT.certificate(), NOW))
        .hasMessageContaining("CN=alice, which is no certificate authority");
  }

  @Test
  void givenOneThatHasEnded_whenRead_thenTheOthersGoOnAndItIsNamed() {
    CertificateAuthority ended =
        SignedLists.below(
            ROOT, "Ended", NOW.minus(Duration.ofDays(2)), NOW.minus(Duration.ofDays(1)), -1);

    IssuingCertificates.Issuing read = read(UPPER, ended);

    assertThat(read.usable()).containsExactly(UPPER.certificate());
    assertThat(read.leftOut()).singleElement().asString().startsWith("CN=Ended (valid from ");
  }

  @Test
  void givenAnAuthorityThatMayHaveNoneBelowIt_whenOneIsThere_thenItIsRefused() {
    CertificateAuthority last = below(ROOT, "Last", 0);

    assertThat(read(last).usable()).hasSize(1);
    assertThatThrownBy(() -> read(last, below(last, "Beyond", -1)))
        .hasMessageContaining("CN=Beyond, below which the path length");
  }

  @Test
  void givenAKeyOrTooMuch_whenRead_thenNothingOfItIsRepeated() {
    String key = Pem.key(UPPER.key());

    assertThatThrownBy(
            () ->
                IssuingCertificates.read(
                    Pem.certificate(UPPER.certificate()) + key, ROOT.certificate(), NOW))
        .hasMessageContaining("holds a PRIVATE KEY")
        .hasMessageNotContaining(key.lines().skip(1).findFirst().orElseThrow());
    assertThatThrownBy(
            () ->
                IssuingCertificates.read(
                    "x".repeat(CertificateReader.LIMIT + 1), ROOT.certificate(), NOW))
        .hasMessageContaining("is longer than 65536 characters");
  }

  private static IssuingCertificates.Issuing read(CertificateAuthority... authorities) {
    StringBuilder pem = new StringBuilder();
    for (CertificateAuthority authority : authorities) {
      pem.append(Pem.certificate(authority.certificate()));
    }
    return IssuingCertificates.read(pem.toString(), ROOT.certificate(), NOW);
  }

  private static CertificateAuthority below(CertificateAuthority root, String name, int length) {
    return SignedLists.below(root, name, NOW.minusSeconds(60), LATER, length);
  }

  private static CertificateAuthority authority(String commonName) {
    return CertificateAuthority.selfSigned(
        commonName, KeyKind.EC_P256, Duration.ofDays(30), NOW, new SecureRandom());
  }
}
