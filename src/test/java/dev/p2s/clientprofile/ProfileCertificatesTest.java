package dev.p2s.clientprofile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.p2s.api.v1alpha1.ClientProfile;
import dev.p2s.api.v1alpha1.ClientProfileSpec;
import dev.p2s.clientprofile.IssuedCertificates.Issued;
import dev.p2s.clientprofile.IssuedCertificates.TakenBack;
import dev.p2s.clientprofile.formats.PackageLogin.IssuedPair;
import dev.p2s.pki.CertificateAuthority;
import dev.p2s.pki.KeyKind;
import dev.p2s.pki.Pem;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProfileCertificatesTest {

  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final CertificateAuthority CA =
      CertificateAuthority.selfSigned("root", KeyKind.EC_P256, Duration.ofDays(3650), NOW, RANDOM);
  private static final ClientProfile ALICE = profile("alice@example.com", null, null);
  private static final IssuedPair PAIR = at(NOW).issue(ALICE, CA);

  @Test
  void givenAPair_whenNothingHasChanged_thenItGoesOnBeingHandedOut() {
    assertThat(at(NOW).fits(PAIR, ALICE, CA, List.of())).isTrue();
    assertThat(at(NOW).fits(PAIR, ALICE, CA, List.of(entry()))).isTrue();
  }

  @ParameterizedTest
  @EnumSource(TakenBack.class)
  void givenAPairThatWasTakenBack_whenTheProfileIsThereAgain_thenAnotherIsIssued(TakenBack why) {
    assertThat(at(NOW).fits(PAIR, ALICE, CA, List.of(entry().because(Optional.of(why))))).isFalse();
  }

  @Test
  void givenAPair_whenTheUserOrTheRootIsAnother_thenAnotherIsIssued() {
    CertificateAuthority other =
        CertificateAuthority.selfSigned("root", KeyKind.EC_P256, Duration.ofDays(1), NOW, RANDOM);

    assertThat(at(NOW).fits(PAIR, profile("bob@example.com", null, null), CA, List.of())).isFalse();
    assertThat(at(NOW).fits(PAIR, ALICE, other, List.of())).isFalse();
    assertThat(at(NOW).fits(new IssuedPair("damaged", "damaged"), ALICE, CA, List.of())).isFalse();
    assertThat(entry().namesAnother("bob@example.com")).isTrue();
  }

  @Test
  void givenAPairOf90Days_whenTheLast30Begin_thenItIsRenewed() {
    Instant renewal = NOW.plus(Duration.ofDays(60));

    assertThat(at(renewal.minusSeconds(1)).fits(PAIR, ALICE, CA, List.of())).isTrue();
    assertThat(at(renewal).fits(PAIR, ALICE, CA, List.of())).isFalse();
  }

  @Property(tries = 50)
  void anyDurations_neverRenewWhatWasJustIssued(
      @ForAll @IntRange(min = 1, max = 999_999) int hours,
      @ForAll @IntRange(max = 999_999) int before) {
    ClientProfile profile = profile("alice@example.com", hours + "h", before + "h");

    IssuedPair issued = at(NOW).issue(profile, CA);

    assertThat(at(NOW).fits(issued, profile, CA, List.of())).isTrue();
  }

  @Test
  void givenADurationThatIsNone_whenRead_thenTheFieldIsNamed() {
    assertThatThrownBy(() -> ProfileCertificates.duration(profile("a", "soon", null)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("spec.certificate.issued.duration: is no duration such as 2160h");
  }

  private static Issued entry() {
    return ProfileCertificates.entry(ALICE, Pem.parseCertificate(PAIR.certificatePem()));
  }

  private static ProfileCertificates at(Instant now) {
    return new ProfileCertificates(Clock.fixed(now, ZoneOffset.UTC), RANDOM);
  }

  private static ClientProfile profile(String user, String duration, String renewBefore) {
    ClientProfile profile = new ClientProfile();
    profile.setMetadata(new ObjectMetaBuilder().withName("alice").withNamespace("vpn").build());
    profile.setSpec(
        new ClientProfileSpec(
            new ClientProfileSpec.GatewayRef("office", null),
            user,
            null,
            new ClientProfileSpec.Certificate(
                null, new ClientProfileSpec.Issued(null, duration, renewBefore), null),
            null,
            null,
            null));
    return profile;
  }
}
