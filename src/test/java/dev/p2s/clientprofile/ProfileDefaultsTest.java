package dev.p2s.clientprofile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.api.v1alpha1.ClientPlatform;
import dev.p2s.api.v1alpha1.ClientProfile;
import dev.p2s.api.v1alpha1.ClientProfileSpec;
import dev.p2s.api.v1alpha1.P2SGateway;
import dev.p2s.api.v1alpha1.P2SGatewaySpec;
import dev.p2s.crd.CrdSpecs;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import org.junit.jupiter.api.Test;

/** What a gateway says of all profiles counts where a profile does not say. */
class ProfileDefaultsTest {

  private static final String DEFAULTS =
      "{authenticationTypes: [Certificate, RADIUS], clientProfileDefaults: {authenticationType:"
          + " Certificate, clients: [Linux, iOS], issued: {duration: 48h, renewBefore: 12h}}}";

  @Test
  void givenAProfileThatSaysNothing_whenCompleted_thenTheDefaultsCount() throws Exception {
    ClientProfileSpec spec = completed("{gatewayRef: {name: corp}}", DEFAULTS);

    assertThat(spec.authenticationType()).isEqualTo(AuthenticationType.Certificate);
    assertThat(spec.clients()).containsExactly(ClientPlatform.Linux, ClientPlatform.iOS);
    assertThat(spec.certificate().issued().duration()).isEqualTo("48h");
    assertThat(spec.certificate().issued().renewBefore()).isEqualTo("12h");
  }

  @Test
  void givenAProfileThatSaysSomething_whenCompleted_thenItsWordCounts() throws Exception {
    ClientProfileSpec spec =
        completed(
            "{gatewayRef: {name: corp}, clients: [macOS], certificate: {issued: {duration: 24h}}}",
            DEFAULTS);

    assertThat(spec.clients()).containsExactly(ClientPlatform.macOS);
    assertThat(spec.certificate().issued().duration()).isEqualTo("24h");
    assertThat(spec.certificate().issued().renewBefore()).isEqualTo("12h");
  }

  @Test
  void givenAProfileWithItsOwnCertificateOrAPassword_whenCompleted_thenNothingIsIssued()
      throws Exception {
    assertThat(
            completed("{gatewayRef: {name: corp}, certificate: {none: {}}}", DEFAULTS)
                .certificate()
                .issued())
        .isNull();
    assertThat(
            completed("{gatewayRef: {name: corp}, authenticationType: RADIUS}", DEFAULTS)
                .certificate())
        .isNull();
  }

  @Test
  void givenNoDefaults_whenCompleted_thenTheProfileIsWhatItWas() throws Exception {
    ClientProfile profile = profile("{gatewayRef: {name: corp}}");

    assertThat(ProfileDefaults.completed(profile, gateway("{}"))).isSameAs(profile);
  }

  @Test
  void givenDefaults_whenCompleted_thenTheProfileItselfIsLeftAsItWasWritten() throws Exception {
    ClientProfile profile = profile("{gatewayRef: {name: corp}}");

    ProfileDefaults.completed(profile, gateway(DEFAULTS));

    assertThat(profile.getSpec().clients()).isNull();
    assertThat(profile.getSpec().certificate()).isNull();
  }

  private static ClientProfileSpec completed(String profile, String gateway)
      throws JsonProcessingException {
    return ProfileDefaults.completed(profile(profile), gateway(gateway)).getSpec();
  }

  private static ClientProfile profile(String spec) throws JsonProcessingException {
    ClientProfile profile = new ClientProfile();
    profile.setMetadata(new ObjectMetaBuilder().withNamespace("vpn").withName("bob").build());
    profile.setSpec(CrdSpecs.YAML.readValue(spec, ClientProfileSpec.class));
    return profile;
  }

  private static P2SGateway gateway(String spec) throws JsonProcessingException {
    P2SGateway gateway = new P2SGateway();
    gateway.setMetadata(new ObjectMetaBuilder().withNamespace("vpn").withName("corp").build());
    gateway.setSpec(CrdSpecs.YAML.readValue(spec, P2SGatewaySpec.class));
    return gateway;
  }
}
