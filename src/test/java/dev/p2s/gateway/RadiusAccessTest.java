package dev.p2s.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.p2s.api.v1alpha1.P2SGatewaySpec;
import dev.p2s.api.v1alpha1.RadiusSpec.PasswordProtocol;
import dev.p2s.dataplane.ConfiguredRadiusServer;
import dev.p2s.dataplane.GatewayState;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What agents are told of RADIUS servers, and what is said of the secrets. */
class RadiusAccessTest {

  private static final String SPEC =
      """
      {"clientAddressPools": ["172.31.200.0/24"],
       "authenticationTypes": ["RADIUS"],
       "radius": {"servers": [
         {"address": "10.1.0.4", "secretRef": {"name": "nps", "key": "first"}},
         {"address": "10.1.0.5", "score": 7, "port": 11812, "accountingPort": 11813,
          "secretRef": {"name": "nps", "key": "second"}}]}}
      """;

  @Test
  void givenWhatIsLeftOut_whenResolved_thenTheDefaultsCount() throws Exception {
    RadiusAccess access = access(Map.of("first", "one", "second", "two"));

    assertThat(access.state())
        .isEqualTo(
            new GatewayState.Radius(
                List.of(
                    new ConfiguredRadiusServer("10.1.0.4", 30, 1812, 1813, "radius-0.secret"),
                    new ConfiguredRadiusServer("10.1.0.5", 7, 11812, 11813, "radius-1.secret")),
                30,
                "vpn/office",
                PasswordProtocol.MSCHAPv2,
                false));
    assertThat(access.secrets())
        .isEqualTo(Map.of("radius-0.secret", base64("one"), "radius-1.secret", base64("two")));
    assertThat(access.warning()).isEmpty();
    assertThat(access.toString()).doesNotContain(base64("one"), base64("two"));
  }

  @Test
  void givenANewlineAtTheEnd_whenResolved_thenItIsUsedAndToldWithoutTheSecret() throws Exception {
    RadiusAccess access = access(Map.of("first", "one", "second", "two\n"));

    assertThat(access.secrets()).containsEntry("radius-1.secret", base64("two\n"));
    assertThat(access.warning())
        .hasValueSatisfying(
            warning -> {
              assertThat(warning.reason()).isEqualTo(GatewayReason.SecretEndsWithNewline);
              assertThat(warning.message())
                  .contains("Secret nps entry second", "printf")
                  .doesNotContain("two");
            });
  }

  @Test
  void givenAnEntryThatIsNotThere_whenResolved_thenItIsNamed() {
    assertThatThrownBy(() -> access(Map.of("first", "one")))
        .isInstanceOf(GatewayRefused.class)
        .hasMessageContaining(
            "spec.radius.servers[1].secretRef: Secret nps has no entry second; create it");
  }

  @Test
  void givenASecretThatIsGone_whenItWasInForce_thenItIsUsedOnAndTold() throws Exception {
    P2SGatewaySpec spec = spec();
    Secret state =
        new SecretBuilder()
            .addToData("radius-0.secret", base64(base64("one")))
            .addToData("radius-1.secret", base64(base64("two")))
            .build();
    RadiusSecrets secrets =
        RadiusSecrets.read(spec, Optional.of(spec), Optional.of(state), name -> Optional.empty());

    RadiusAccess access =
        RadiusAccess.of(spec.radius(), "vpn/office", secrets, ReferencedTexts.NONE);

    assertThat(access.secrets()).containsEntry("radius-0.secret", base64("one"));
    assertThat(access.warning())
        .map(RadiusAccess.Warning::reason)
        .contains(GatewayReason.SecretGone);
    assertThat(secrets.toString()).doesNotContain("one");
  }

  @Test
  void givenRootsThatAreNotThere_whenResolved_thenRefusedAndElseTheyAreInTheState()
      throws Exception {
    P2SGatewaySpec spec =
        new ObjectMapper()
            .readValue(
                SPEC.replace(
                    "\"servers\"",
                    "\"serverRoots\": {\"configMapRef\": {\"name\": \"nps\", \"key\": \"ca.crt\"}},"
                        + " \"servers\""),
                P2SGatewaySpec.class);
    String root = Files.readString(Path.of("src/test/resources/golden/packages/server-ca.pem"));
    ReferencedTexts texts = new ReferencedTexts(Map.of(spec.radius().serverRoots(), root));
    RadiusSecrets secrets =
        RadiusSecrets.read(
            spec,
            Optional.empty(),
            Optional.empty(),
            name ->
                Optional.of(
                    new SecretBuilder()
                        .addToData("first", base64("one"))
                        .addToData("second", base64("two"))
                        .build()));

    assertThat(RadiusAccess.of(spec.radius(), "vpn/office", secrets, texts).state().serverRoots())
        .isEqualToIgnoringWhitespace(root);
    assertThatThrownBy(
            () -> RadiusAccess.of(spec.radius(), "vpn/office", secrets, ReferencedTexts.NONE))
        .hasMessageContaining("spec.radius.serverRoots: the namespace has no ConfigMap nps");
  }

  private static RadiusAccess access(Map<String, String> entries) throws GatewayRefused {
    SecretBuilder secret = new SecretBuilder();
    entries.forEach((key, value) -> secret.addToData(key, base64(value)));
    P2SGatewaySpec spec = spec();
    RadiusSecrets secrets =
        RadiusSecrets.read(
            spec,
            Optional.empty(),
            Optional.empty(),
            name -> Optional.of(secret.build()).filter(found -> name.equals("nps")));
    return RadiusAccess.of(spec.radius(), "vpn/office", secrets, ReferencedTexts.NONE);
  }

  private static P2SGatewaySpec spec() {
    try {
      return new ObjectMapper().readValue(SPEC, P2SGatewaySpec.class);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
