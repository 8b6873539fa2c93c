package dev.p2s.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.junit.jupiter.api.Test;

class CertificateAuthorityTest {

  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final CertificateAuthority CA =
      CertificateAuthority.selfSigned(
          "Office VPN root", KeyKind.EC_P256, Duration.ofDays(3650), NOW, RANDOM);

  @Test
  void givenARoot_whenAServerCertificateIsIssued_thenItCarriesEveryDialledAddress()
      throws Exception {
    var leaf =
        CA.issueServer(
            "office.vpn.p2s",
            List.of("office.vpn.p2s", "vpn.example.com", "192.0.2.7", "2001:db8::7"),
            KeyKind.RSA_2048,
            Duration.ofDays(397),
            NOW,
            RANDOM);
    leaf.certificate().verify(CA.certificate().getPublicKey());
    assertThat(leaf.certificate().getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
    assertThat(leaf.certificate().getSubjectAlternativeNames())
        .extracting(name -> String.valueOf(name.get(1)))
        .containsExactly("office.vpn.p2s", "vpn.example.com", "192.0.2.7", "2001:db8:0:0:0:0:0:7");
    var wanted =
        new ServerCertificates(
            "office.vpn.p2s", List.of("2001:db8::7", "vpn.example.com"), NOW.plusSeconds(1));
    assertThat(wanted.fits(leaf.certificate(), CA)).isTrue();
    assertThat(
            new ServerCertificates("office.vpn.p2s", List.of("192.0.2.8"), NOW)
                .fits(leaf.certificate(), CA))
        .isFalse();
    assertThat(
            new ServerCertificates("office.vpn.p2s", List.of(), NOW.plus(Duration.ofDays(398)))
                .fits(leaf.certificate(), CA))
        .isFalse();
  }

  @Test
  void givenARootThatEndsSooner_whenALeafIsIssued_thenTheLeafEndsWithIt() {
    var leaf = CA.issueClient("alice", KeyKind.EC_P256, Duration.ofDays(99_999), NOW, RANDOM);
    assertThat(leaf.certificate().getNotAfter()).isEqualTo(CA.certificate().getNotAfter());
  }

  @Property(tries = 100)
  void anyUserName_isOneAttributeAndNeverADistinguishedName(
      @ForAll @StringLength(min = 1, max = 64) String user) throws Exception {
    var leaf = CA.issueClient(user, KeyKind.EC_P256, Duration.ofDays(1), NOW, RANDOM);
    var subject = new JcaX509CertificateHolder(leaf.certificate()).getSubject();
    assertThat(subject.getRDNs()).hasSize(1);
    assertThat(subject.getRDNs(BCStyle.CN)).hasSize(1);
  }

  @Test
  void givenKeysAndCertificates_whenWrittenAsPem_thenTheyReadBack() {
    for (KeyKind kind : KeyKind.values()) {
      var pair = kind.generate(RANDOM);
      assertThat(Pem.parseKey(Pem.key(pair.getPrivate())).getEncoded())
          .isEqualTo(pair.getPrivate().getEncoded());
    }
    assertThat(Pem.parseCertificate(Pem.certificate(CA.certificate()))).isEqualTo(CA.certificate());
    assertThatThrownBy(() -> Pem.parseKey("secret"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("secret");
  }

  @Test
  void givenAStaticKey_whenWrittenAsFile_thenItHas16LinesAndReadsBack() {
    var key = OpenVpnStaticKey.generate(RANDOM);
    assertThat(key.file().lines()).hasSize(18);
    assertThat(OpenVpnStaticKey.parse(key.file())).isEqualTo(key);
    assertThat(key.toString()).doesNotContain(key.hex());
  }

  @Test
  void givenAThumbprintAsPeoplePasteIt_whenRead_thenItIsTheSame() {
    var sha1 = Thumbprint.sha1(CA.certificate());
    String pasted = "\u200e" + sha1.hex().toUpperCase(Locale.ROOT).replaceAll("(..)(?=.)", "$1 ");
    assertThat(Thumbprint.parse(pasted)).isEqualTo(sha1);
    assertThat(Thumbprint.parse(sha1.hex().replaceAll("(..)(?=.)", "$1:"))).isEqualTo(sha1);
    assertThatThrownBy(() -> Thumbprint.parse("83FFBFC8"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatCode(() -> Thumbprint.sha256(CA.certificate())).doesNotThrowAnyException();
  }
}
