package dev.p2s.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.api.v1alpha1.ClientPlatform;
import dev.p2s.api.v1alpha1.EntraIdSpec.Cloud;
import dev.p2s.api.v1alpha1.IpsecPolicySpec;
import dev.p2s.api.v1alpha1.TunnelType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tables against the copies that were made of the seed, and what they mean. */
class SeedTablesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "skus",
        "tunnel-authentication",
        "entra-audiences",
        "ike-policies",
        "ipsec-policies",
        "tls-cipher-suites",
        "clients",
        "clients-extended"
      })
  void aTableIsTheSeeds(String table) throws IOException {
    assertThat(Files.readString(Path.of("src/main/resources/catalog", table + ".csv")))
        .isEqualTo(Files.readString(Path.of("src/test/resources/catalog", table + ".csv")));
  }

  @Test
  void everyTableHasItsRows() {
    assertThat(GatewaySku.all()).hasSize(15);
    assertThat(TunnelAuthentication.all()).hasSize(17);
    assertThat(EntraAudience.all()).hasSize(5);
    assertThat(IkePolicy.all()).hasSize(17).doesNotHaveDuplicates();
    assertThat(IpsecPolicy.all()).hasSize(11).doesNotHaveDuplicates();
    assertThat(ClientSoftware.ofTheSeed()).hasSize(12).doesNotHaveDuplicates();
    assertThat(ClientSoftware.all()).hasSize(25).doesNotHaveDuplicates();
    assertThat(MinimumVersion.all()).hasSize(5);
  }

  @Test
  void theNewestAudienceAloneServesLinuxAndOnesOwnServesAllThree() {
    assertThat(EntraAudience.all().stream().filter(r -> r.clients().contains(ClientPlatform.Linux)))
        .extracting(EntraAudience::audience)
        .containsExactly("c632b3df-fb67-4d84-bdcf-b95ad541b5c8");
    assertThat(EntraAudience.clientsOf("api://mine"))
        .containsExactlyInAnyOrder(
            ClientPlatform.Windows, ClientPlatform.macOS, ClientPlatform.Linux);
  }

  @Test
  void anIssuerIsDerivedFromCloudAndTenant() {
    assertThat(EntraAudience.of(Cloud.AzureChina21Vianet).v1Issuer("t"))
        .isEqualTo("https://sts.chinacloudapi.cn/t/");
    assertThat(EntraAudience.of(Cloud.AzurePublic).v1Issuer("t"))
        .isEqualTo("https://sts.windows.net/t/");
    assertThat(EntraAudience.of(Cloud.AzureGovernment).v2Issuer("t"))
        .isEqualTo("https://login.microsoftonline.us/t/v2.0");
  }

  @Test
  void sstpIsForWindowsAndEntraIdHasTheAzureVpnClientOnly() {
    assertThat(ClientSoftware.platforms(Set.of(TunnelType.SSTP), AuthenticationType.RADIUS))
        .containsExactly(ClientPlatform.Windows);
    assertThat(ClientSoftware.fitting(Set.of(TunnelType.OpenVPN), AuthenticationType.EntraID))
        .hasSize(3)
        .extracting(ClientSoftware::name)
        .containsOnly("Azure VPN Client");
    assertThat(ClientSoftware.fitting(Set.of(TunnelType.IKEv2), AuthenticationType.EntraID))
        .isEmpty();
  }

  @Test
  void everyAllowedCombinationHasAClient() {
    assertThat(TunnelAuthentication.all())
        .allSatisfy(
            row ->
                assertThat(row.authentications())
                    .allSatisfy(
                        type ->
                            assertThat(ClientSoftware.fitting(row.tunnels(), type)).isNotEmpty()));
  }

  @Test
  void theHardenedSuitesAreTheFourWithEphemeralKeysAndAnAuthenticatedCipher() {
    assertThat(TlsCipherSuite.hardened()).isEqualTo(TlsCipherSuite.all().subList(0, 4));
  }

  @Test
  void customPoliciesAcceptWhatAzureAccepts() {
    assertThat(IpsecPolicySpec.Encryption.values()).hasSize(4);
    assertThat(IpsecPolicySpec.IpsecIntegrity.values()).hasSize(3);
    assertThat(IpsecPolicySpec.IkeIntegrity.values()).hasSize(2);
    assertThat(IpsecPolicySpec.DhGroup.values()).hasSize(5);
    assertThat(IpsecPolicySpec.PfsGroup.values()).hasSize(7);
  }
}
