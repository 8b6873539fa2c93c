package dev.p2s.clientprofile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.api.v1alpha1.ClientPlatform;
import dev.p2s.api.v1alpha1.ClientProfile;
import dev.p2s.api.v1alpha1.ClientProfileSpec;
import dev.p2s.api.v1alpha1.P2SGateway;
import dev.p2s.api.v1alpha1.P2SGatewaySpec;
import dev.p2s.api.v1alpha1.TunnelType;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProfileValidationTest {

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final String ENTRA =
      "authenticationTypes: [EntraID], entraID: {tenantId: 11111111-2222-3333-4444-555555555555,"
          + " audience: ";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{authenticationTypes: [Certificate, EntraID]}|{}|AuthenticationNotOffered|spec.authenticationType is missing; the gateway has several: [Certificate, EntraID]",
        "{}|{authenticationType: EntraID}|AuthenticationNotOffered|EntraID is none of the gateway's spec.authenticationTypes: [Certificate]",
        "{tunnelTypes: [SSTP]}|{clients: [macOS]}|ClientNotSupported|spec.clients: macOS has no VPN client for [SSTP] with Certificate; there are [Windows]",
        "{authenticationTypes: [EntraID]}|{clients: [iOS]}|ClientNotSupported|spec.clients: iOS has no VPN client for [OpenVPN] with EntraID; there are [Linux, Windows, macOS]",
        "{authenticationTypes: [EntraID]}|{certificate: {none: {}}}|WithoutEffect|spec.certificate has no effect with EntraID",
        "{authenticationTypes: [RADIUS]}|{certificate: {none: {}}}|WithoutEffect|spec.certificate has no effect with RADIUS",
        "{authenticationTypes: [RADIUS]}|{suspended: true}|WithoutEffect|name the user in the gateway's spec.blockedUsers",
        "{authenticationTypes: [RADIUS]}|{onDelete: Keep}|WithoutEffect|spec.onDelete has no effect with RADIUS",
        "{}|{certificate: {csr: {pem: x}}}|CsrInvalid|spec.certificate.csr.pem: is no certificate request in PEM; make one with openssl req",
      })
  void givenAProfileThatDoesNotFit_whenJudged_thenTheSentenceSaysWhatToDo(
      String gateway, String profile, ProfileReason reason, String sentence)
      throws JsonProcessingException {
    assertThat(ProfileValidation.check(profile(profile), gateway(gateway)))
        .hasValueSatisfying(
            refused -> {
              assertThat(refused.message()).contains(sentence);
              assertThat(refused.reason()).isEqualTo(reason);
            });
  }

  @ParameterizedTest
  @CsvSource({
    "41b23e61-6c1e-4545-b367-cd054e0ed4b4",
    "51bb15d4-3a4f-4ebf-9dca-40096fe32426",
    "538ee9e6-310a-468d-afef-ea97365856a9",
    "49f817b6-84ae-4cc0-928c-73f27289b3aa"
  })
  void givenAnOlderAudience_whenAProfileIsForLinux_thenTheSeedIsQuotedAndTheNewerOneNamed(
      String audience) throws JsonProcessingException {
    P2SGateway gateway = gateway("{" + ENTRA + audience + "}}");
    assertThat(ProfileValidation.check(profile("{clients: [Linux]}"), gateway))
        .hasValueSatisfying(
            refused ->
                assertThat(refused.message())
                    .contains("for Linux isn't backward compatible with the older Audience values")
                    .contains("c632b3df-fb67-4d84-bdcf-b95ad541b5c8"));
    assertThat(ProfileValidation.check(profile("{clients: [Windows, macOS]}"), gateway)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}",
        "{authenticationType: Certificate}",
        "{certificate: {none: {}}}",
        "{clients: [Windows, Android, macOS, Linux, iOS]}",
        "{onDelete: Keep}"
      })
  void givenAProfileThatFits_whenJudged_thenItIsAllowed(String profile)
      throws JsonProcessingException {
    assertThat(ProfileValidation.check(profile(profile), gateway("{}"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{authenticationTypes: [RADIUS]}|{}",
        "{authenticationTypes: [Certificate, RADIUS]}|{authenticationType: RADIUS}",
        "{authenticationTypes: [OIDC]}|{}",
        "{authenticationTypes: [Certificate, EntraID]}|{authenticationType: EntraID}"
      })
  void givenAGatewayOfPasswordsOrTokens_whenAProfileLogsInSo_thenItIsAllowed(
      String gateway, String profile) throws JsonProcessingException {
    assertThat(ProfileValidation.check(profile(profile), gateway(gateway))).isEmpty();
  }

  @Test
  void givenSstpAndNobodysWish_whenAPackageIsWritten_thenItIsForWindowsAndLinux()
      throws JsonProcessingException {
    assertThat(
            ProfileValidation.platforms(
                profile("{}"), Set.of(TunnelType.SSTP), AuthenticationType.Certificate))
        .containsExactlyInAnyOrder(ClientPlatform.Windows, ClientPlatform.Linux);
    assertThat(
            ProfileValidation.platforms(
                profile("{clients: [Windows]}"),
                Set.of(TunnelType.SSTP),
                AuthenticationType.Certificate))
        .containsExactly(ClientPlatform.Windows);
  }

  private static ClientProfile profile(String yaml) throws JsonProcessingException {
    ClientProfile profile = new ClientProfile();
    profile.setSpec(YAML.readValue(yaml, ClientProfileSpec.class));
    return profile;
  }

  private static P2SGateway gateway(String yaml) throws JsonProcessingException {
    P2SGateway gateway = new P2SGateway();
    gateway.setSpec(YAML.readValue(yaml, P2SGatewaySpec.class));
    return gateway;
  }
}
