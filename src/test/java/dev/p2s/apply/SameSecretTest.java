package dev.p2s.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SameSecretTest {

  private static final String MANAGER = "clientprofile";

  @Test
  void givenASecretAsItWasApplied_whenItIsWantedAgain_thenNothingIsToBeWritten() {
    assertThat(SameSecret.is(there(b -> b), wanted(), MANAGER)).isTrue();
  }

  @Test
  void givenASecretThatNobodyElseApplied_whenAnotherManagerAsks_thenItIsNotCertain() {
    assertThat(SameSecret.is(there(b -> b), wanted(), "p2sgateway")).isFalse();
  }

  static Stream<UnaryOperator<SecretBuilder>> tampered() {
    return Stream.of(
        b -> b.addToData("package.zip", "b3RoZXI="),
        b -> b.addToData("more", "b3RoZXI="),
        b -> b.removeFromData("package.zip"),
        b -> b.withData(null),
        b -> b.withType("kubernetes.io/tls"),
        b -> b.withImmutable(true),
        b -> b.editMetadata().removeFromLabels("p2s.dev/profile").endMetadata(),
        b -> b.editMetadata().addToLabels("more", "x").endMetadata(),
        b -> b.editMetadata().addToAnnotations("more", "x").endMetadata(),
        b -> b.editMetadata().addToFinalizers("x/y").endMetadata(),
        b -> b.editMetadata().withOwnerReferences().endMetadata(),
        b -> b.editMetadata().withManagedFields().endMetadata());
  }

  @ParameterizedTest
  @MethodSource("tampered")
  void givenASecretThatSomebodyTouched_whenItIsWantedAgain_thenItIsNotCertain(
      UnaryOperator<SecretBuilder> touch) {
    assertThat(SameSecret.is(there(touch), wanted(), MANAGER)).isFalse();
  }

  private static Secret there(UnaryOperator<SecretBuilder> touch) {
    return touch
        .apply(
            new SecretBuilder(wanted())
                .editMetadata()
                .withUid("u")
                .withResourceVersion("7")
                .addNewManagedField()
                .withManager(MANAGER)
                .withOperation("Apply")
                .endManagedField()
                .endMetadata())
        .build();
  }

  private static Secret wanted() {
    return new SecretBuilder()
        .withNewMetadata()
        .withName("alice-vpn")
        .withNamespace("vpn")
        .addToLabels("p2s.dev/profile", "alice")
        .addNewOwnerReference()
        .withApiVersion("p2s.dev/v1alpha1")
        .withKind("ClientProfile")
        .withName("alice")
        .withUid("p")
        .endOwnerReference()
        .endMetadata()
        .withType("Opaque")
        .withData(Map.of("package.zip", "emlw"))
        .build();
  }
}
