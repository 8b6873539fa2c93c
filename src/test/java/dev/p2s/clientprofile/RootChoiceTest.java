package dev.p2s.clientprofile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.api.v1alpha1.ClientProfile;
import dev.p2s.api.v1alpha1.ClientProfileSpec;
import dev.p2s.pki.CertificateAuthority;
import dev.p2s.pki.KeyKind;
import dev.p2s.rootcertificate.ResolvedRoot;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RootChoiceTest {

  private static final CertificateAuthority CA =
      CertificateAuthority.selfSigned(
          "root",
          KeyKind.EC_P256,
          Duration.ofDays(1),
          Instant.parse("2026-11-23T12:00:00Z"),
          new SecureRandom());

  @Test
  void givenOneRootWithAKey_whenNoneIsNamed_thenItIsTaken() {
    assertThat(RootChoice.of(profile(null), List.of(uploaded("a"), own("b"), uploaded("c"))))
        .isEqualTo(new RootChoice.Chosen(own("b")));
  }

  @Test
  void givenSeveralRootsWithAKey_whenNoneIsNamed_thenTheyAreListed() {
    assertThat(RootChoice.of(profile(null), List.of(own("a"), own("b"))))
        .isInstanceOfSatisfying(
            RootChoice.Refused.class,
            refused -> {
              assertThat(refused.reason()).isEqualTo(ProfileReason.SeveralRootsWithKey);
              assertThat(refused.message()).contains("(a, b)").contains("rootRef.name");
            });
  }

  @Test
  void givenNoRootWithAKey_whenNoneIsNamed_thenBothWaysOutAreSaid() {
    assertThat(RootChoice.of(profile(null), List.of(uploaded("a"))))
        .isInstanceOfSatisfying(
            RootChoice.Refused.class,
            refused -> {
              assertThat(refused.reason()).isEqualTo(ProfileReason.NoRootWithKey);
              assertThat(refused.message()).contains("selfSigned").contains("certificate.none: {}");
            });
  }

  @Test
  void givenANamedRoot_whenItHasNoKeyOrIsMissing_thenEachIsSaid() {
    assertThat(RootChoice.of(profile("a"), List.of(uploaded("a"), own("b"))))
        .isInstanceOfSatisfying(
            RootChoice.Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo(ProfileReason.RootHoldsNoKey));
    assertThat(RootChoice.of(profile("z"), List.of(own("b"))))
        .isInstanceOfSatisfying(
            RootChoice.Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo(ProfileReason.RootNotFound));
    assertThat(RootChoice.of(profile("b"), List.of(own("a"), own("b"))))
        .isEqualTo(new RootChoice.Chosen(own("b")));
  }

  @Property
  void anyRoots_giveOneThatHoldsAKeyOrARefusalThatSaysWhatToDo(
      @ForAll @IntRange(max = 4) int withKey,
      @ForAll @IntRange(max = 4) int without,
      @ForAll Optional<String> named) {
    List<ResolvedRoot> roots = new java.util.ArrayList<>();
    for (int i = 0; i < withKey; i++) {
      roots.add(own("own" + i));
    }
    for (int i = 0; i < without; i++) {
      roots.add(uploaded("uploaded" + i));
    }
    switch (RootChoice.of(profile(named.orElse(null)), roots)) {
      case RootChoice.Chosen chosen -> {
        assertThat(chosen.root().authority()).isPresent();
        assertThat(withKey).isEqualTo(1);
      }
      case RootChoice.Refused refused -> assertThat(refused.message()).isNotBlank();
    }
  }

  private static ResolvedRoot own(String name) {
    return new ResolvedRoot(name, CA.certificate(), Optional.of(CA));
  }

  private static ResolvedRoot uploaded(String name) {
    return new ResolvedRoot(name, CA.certificate(), Optional.empty());
  }

  private static ClientProfile profile(String root) {
    ClientProfile profile = new ClientProfile();
    profile.setSpec(
        new ClientProfileSpec(
            new ClientProfileSpec.GatewayRef("office", null),
            null,
            null,
            root == null
                ? null
                : new ClientProfileSpec.Certificate(
                    null,
                    new ClientProfileSpec.Issued(new ClientProfileSpec.RootRef(root), null, null),
                    null),
            null,
            null,
            null));
    return profile;
  }
}
