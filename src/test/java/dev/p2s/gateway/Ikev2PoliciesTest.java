package dev.p2s.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.p2s.api.v1alpha1.P2SGatewaySpec;
import dev.p2s.catalog.IkePolicy;
import dev.p2s.catalog.IpsecPolicy;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.ikev2.Proposals;
import org.junit.jupiter.api.Test;

class Ikev2PoliciesTest {

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  @Test
  void givenNothingSaid_whenResolved_thenTheSeedsRowsAreOffered() throws Exception {
    GatewayState.Ikev2 ikev2 = of("tunnelTypes: [IKEv2]");

    assertThat(ikev2.ikePolicies()).hasSize(17).isEqualTo(IkePolicy.all());
    assertThat(ikev2.ipsecPolicies()).hasSize(11).isEqualTo(IpsecPolicy.all());
    assertThat(ikev2.saLifetimeSeconds()).isEqualTo(27_000);
    assertThat(ikev2.saDataSizeKilobytes()).isEqualTo(33_553_408);
  }

  @Test
  void givenHardened_whenResolved_thenSha1AndTheWeakGroupsAreGone() throws Exception {
    GatewayState.Ikev2 ikev2 = of("{tunnelTypes: [IKEv2], ipsecPreset: Hardened}");

    assertThat(ikev2.ikePolicies())
        .hasSize(12)
        .extracting(IkePolicy::dhGroup)
        .doesNotContain("GROUP_2", "GROUP_24");
    assertThat(ikev2.ipsecPolicies())
        .hasSize(8)
        .noneSatisfy(row -> assertThat(row.integrity()).isEqualTo("SHA1"))
        .noneSatisfy(row -> assertThat(row.pfsGroup()).isEqualTo("GROUP_24"));
  }

  @Test
  void givenCustomPolicies_whenResolved_thenTheyAreTheOnlyOnesAndTheShortestLifeHolds()
      throws Exception {
    GatewayState.Ikev2 ikev2 =
        of(
            """
            tunnelTypes: [IKEv2]
            ipsecPolicies:
              - {ikeEncryption: GCMAES128, ikeIntegrity: SHA384, dhGroup: ECP384,
                 ipsecEncryption: GCMAES256, ipsecIntegrity: GCMAES256, pfsGroup: PFSMM,
                 saLifeTimeSeconds: 3600}
              - {ikeEncryption: AES128, ikeIntegrity: SHA256, dhGroup: DHGroup2,
                 ipsecEncryption: AES128, ipsecIntegrity: SHA256, pfsGroup: None,
                 saDataSizeKilobytes: 1024}
            """);

    assertThat(Proposals.ike(ikev2.ikePolicies()))
        .containsExactly("aes128gcm16-prfsha384-ecp384", "aes128-sha256-prfsha256-modp1024");
    assertThat(Proposals.esp(ikev2.ipsecPolicies()))
        .containsExactly("aes256gcm16-ecp384", "aes128-sha256");
    assertThat(ikev2.saLifetimeSeconds()).isEqualTo(3600);
    assertThat(ikev2.saDataSizeKilobytes()).isEqualTo(1024);
  }

  private static GatewayState.Ikev2 of(String spec) throws Exception {
    return Ikev2Policies.of(YAML.readValue(spec, P2SGatewaySpec.class));
  }
}
