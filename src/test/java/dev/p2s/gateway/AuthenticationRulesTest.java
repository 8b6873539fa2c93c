package dev.p2s.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.p2s.addressing.Cidr;
import dev.p2s.api.v1alpha1.EntraIdSpec;
import dev.p2s.api.v1alpha1.EntraIdSpec.Cloud;
import dev.p2s.api.v1alpha1.P2SGatewaySpec;
import dev.p2s.catalog.EntraAudience;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What each authentication type, IKEv2 and policy groups need; what is not served yet. */
class AuthenticationRulesTest {

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final String TENANT = "11111111-2222-3333-4444-555555555555";
  private static final String POLICY =
      "{ipsecEncryption: %s, ipsecIntegrity: %s, ikeEncryption: AES256, ikeIntegrity: SHA256,"
          + " dhGroup: DHGroup14, pfsGroup: PFS14}";

  static Stream<EntraAudience> audiences() {
    return EntraAudience.all().stream();
  }

  @ParameterizedTest
  @MethodSource("audiences")
  void givenAnAudienceOfTheSeed_whenNamedWithItsCloud_thenItIsAllowedAndElsewhereItIsNot(
      EntraAudience row) throws Exception {
    for (Cloud cloud : Cloud.values()) {
      P2SGatewaySpec spec = entra("cloud: " + cloud + ", audience: " + row.audience());
      if (cloud == row.cloud()) {
        rules(spec);
      } else {
        assertThat(refused(spec))
            .hasMessageContaining("is that of " + row.cloud() + ", not of " + cloud)
            .hasMessageContaining("write cloud: " + row.cloud());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("audiences")
  void givenACloud_whenItsIssuersAreWritten_thenBothAreAllowedAndAMissingSlashIsShown(
      EntraAudience row) throws Exception {
    String start = "cloud: " + row.cloud() + ", audience: " + row.audience() + ", issuer: ";
    String v1 = row.v1Issuer(TENANT);
    rules(entra(start + v1));
    rules(entra(start + row.v2Issuer(TENANT)));
    assertThat(refused(entra(start + v1.substring(0, v1.length() - 1))))
        .hasMessageContaining("lacks its trailing slash")
        .hasMessageEndingWith("write " + v1);
  }

  @Test
  void givenAnAudienceOfOnesOwn_whenNamed_thenAGuidAndAnApplicationUriAreAllowed()
      throws Exception {
    rules(entra("audience: 99999999-2222-3333-4444-555555555555"));
    rules(entra("audience: 'api://vpn.corp.example'"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "authenticationTypes: [EntraID]|EntraIdInvalid|spec.entraID is missing; EntraID in spec.authenticationTypes needs it",
        "authenticationTypes: [OIDC]|OidcInvalid|spec.oidc is missing",
        "authenticationTypes: [RADIUS]|RadiusInvalid|spec.radius is missing",
        "authenticationTypes: [EntraID, OIDC]|TunnelAuthenticationNotOffered|OIDC stands in EntraID's place; keep one",
        "radius: {servers: [{address: 10.1.0.4, secretRef: {name: a, key: b}}]}|WithoutEffect|spec.radius has no effect without RADIUS",
        "{authenticationTypes: [EntraID], entraID: {tenantId: corp, audience: a}}|EntraIdInvalid|spec.entraID.tenantId must be the tenant's GUID",
        "{authenticationTypes: [EntraID], entraID: {tenantId: 11111111-2222-3333-4444-555555555555, audience: two words}}|EntraIdInvalid|spec.entraID.audience: 'two words' must be an application's GUID or its application id URI",
        "{authenticationTypes: [EntraID], entraID: {tenantId: 11111111-2222-3333-4444-555555555555, audience: 'api://a', issuer: 'https://sts.windows.net/other/'}}|EntraIdInvalid|is no issuer of this tenant in AzurePublic; leave it out",
        "{authenticationTypes: [OIDC], oidc: {clientId: vpn, issuer: 'ftp://a'}}|OidcInvalid|'ftp://a' must be an https URL",
        "{authenticationTypes: [RADIUS], radius: {servers: [{address: 10.1.0.4, secretRef: {name: a, key: b}}, {address: 10.1.0.4, secretRef: {name: a, key: b}}]}}|RadiusInvalid|spec.radius.servers[1].address: 10.1.0.4 is named twice",
        "{authenticationTypes: [RADIUS], radius: {servers: [{address: nps, secretRef: {name: a, key: b}}]}}|RadiusInvalid|spec.radius.servers[0].address: 'nps'",
        "{authenticationTypes: [RADIUS], radius: {method: Certificate, servers: [{address: 10.1.0.4, secretRef: {name: a, key: b}}]}}|RadiusInvalid|spec.radius.method: Certificate does not go with OpenVPN, whose clients have a name and a password",
        "{tunnelTypes: [IKEv2, OpenVPN], authenticationTypes: [RADIUS], radius: {method: Certificate, servers: [{address: 10.1.0.4, secretRef: {name: a, key: b}}]}}|RadiusInvalid|take OpenVPN out of spec.tunnelTypes",
        "{tunnelTypes: [IKEv2], authenticationTypes: [RADIUS], radius: {method: Certificate, servers: [{address: 10.1.0.4, secretRef: {name: a, key: b}}]}}|RadiusInvalid|spec.radius.serverRoots is missing; with method: Certificate clients verify",
        "ipsecPreset: Hardened|WithoutEffect|spec.ipsecPreset has no effect without IKEv2",
        "policyGroups: [{name: a, priority: 1}]|PolicyGroupInvalid|0 groups have default: true; exactly one must",
        "policyGroups: [{name: a, priority: 1, default: true}, {name: b, priority: 1}]|PolicyGroupInvalid|spec.policyGroups['b'].priority: 1 is also that of 'a'",
        "policyGroups: [{name: a, priority: 1, default: true, members: [{type: AADGroupId, value: 99999999-2222-3333-4444-555555555555}]}]|PolicyGroupInvalid|AADGroupId is told by [EntraID, OIDC] only, and spec.authenticationTypes has [Certificate]",
        "policyGroups: [{name: a, priority: 1, default: true, clientAddressPools: [172.31.200.128/25]}]|PoolOverlap|overlaps 172.31.200.0/24 of spec.clientAddressPools",
        "policyGroups: [{name: a, priority: 1, default: true, clientAddressPools: [10.1.0.0/24]}, {name: b, priority: 2, clientAddressPools: [10.1.0.0/25]}]|PoolOverlap|overlaps 10.1.0.0/24 of spec.policyGroups['a']",
        "policyGroups: [{name: a, priority: 1, default: true, allow: [{}]}]|PolicyGroupInvalid|each entry names either cidr or services",
        "{tunnelTypes: [IKEv2], policyGroups: [{name: a, priority: 1, default: true, clientAddressPools: [10.1.0.0/24]}]}|NotImplemented|spec.policyGroups[].clientAddressPools: 'a' is not served by this version yet, leave it out with Certificate over IKEv2",
        "{clientToClient: true, scaling: {replicas: 2}}|NotImplemented|spec.clientToClient: true is not served by this version yet, only with one pod: scaling.replicas and scaling.maxReplicas of 1",
        "{clientToClient: true, scaling: {replicas: 1, maxReplicas: 3}}|NotImplemented|spec.clientToClient: true is not served by this version yet, only with one pod",
      })
  void givenAMistake_whenJudged_thenTheSentenceSaysWhatToDo(
      String yaml, GatewayRefusal reason, String sentence) throws Exception {
    GatewayRefused refused = refused(spec(yaml));
    assertThat(refused).hasMessageContaining(sentence);
    assertThat(refused.reason()).isEqualTo(reason);
  }

  @Test
  void givenCustomIpsecPolicies_whenACipherMeetsAnIntegrity_thenGcmGoesWithItselfOnly()
      throws Exception {
    rules(ikev2(POLICY.formatted("AES256", "SHA256")));
    rules(ikev2(POLICY.formatted("GCMAES128", "GCMAES128")));
    for (String pair : List.of("GCMAES256 SHA256", "AES128 GCMAES128", "GCMAES256 GCMAES128")) {
      String[] names = pair.split(" ");
      assertThat(refused(ikev2(POLICY.formatted(names[0], names[1]))))
          .hasMessageContaining("spec.ipsecPolicies[0].ipsecIntegrity: " + names[1])
          .hasMessageContaining("does not go with ipsecEncryption " + names[0]);
    }
  }

  @Test
  void givenWhatIsTheDefaultAnyway_whenWrittenOut_thenItIsServed() throws Exception {
    NotServedYet.check(
        spec(
            "{routes: {mode: Split, exclude: []}, throughputPolicy: Observe, clientToClient: false,"
                + " allowedProfiles: {namespaces: {from: All}}, policyGroups: []}"));
  }

  @Property(tries = 500)
  void anyAudienceAndIssuer_isAllowedOrRefusedOnOneLine(
      @ForAll @StringLength(max = 300) String audience,
      @ForAll @StringLength(max = 300) String issuer)
      throws JsonProcessingException {
    P2SGatewaySpec spec = spec("authenticationTypes: [EntraID]");
    var tree = (com.fasterxml.jackson.databind.node.ObjectNode) YAML.valueToTree(spec);
    tree.set(
        "entraID",
        YAML.valueToTree(new EntraIdSpec(null, TENANT, audience, issuer, List.of(), null)));
    assertThat(refused(YAML.treeToValue(tree, P2SGatewaySpec.class)))
        .satisfies(
            refused ->
                assertThat(refused.getMessage())
                    .doesNotContainPattern("[\\x00-\\x1f\\x7f\u0085\u2028\u2029]")
                    .hasSizeLessThan(600));
  }

  private static GatewayRefused refused(P2SGatewaySpec spec) {
    return catchThrowableOfType(
        GatewayRefused.class,
        () -> {
          rules(spec);
          NotServedYet.check(spec);
        });
  }

  private static void rules(P2SGatewaySpec spec) throws GatewayRefused {
    var tunnels = GatewayRules.tunnels(spec);
    var authentications = GatewayRules.authentications(spec);
    GatewayRules.matrix(GatewayRules.sku(spec), tunnels, authentications);
    AuthenticationRules.check(spec, tunnels, authentications);
    PolicyGroupRules.groups(
        spec,
        authentications,
        List.of(Cidr.parse("172.31.200.0/24")),
        ServiceDestinations.NONE,
        List.of());
  }

  private static P2SGatewaySpec entra(String more) throws JsonProcessingException {
    return spec(
        "{authenticationTypes: [EntraID], entraID: {tenantId: " + TENANT + ", " + more + "}}");
  }

  private static P2SGatewaySpec ikev2(String policy) throws JsonProcessingException {
    return spec("{tunnelTypes: [IKEv2], ipsecPolicies: [" + policy + "]}");
  }

  private static P2SGatewaySpec spec(String yaml) throws JsonProcessingException {
    var tree = (com.fasterxml.jackson.databind.node.ObjectNode) YAML.readTree(yaml);
    tree.putArray("clientAddressPools").add("172.31.200.0/24");
    return YAML.treeToValue(tree, P2SGatewaySpec.class);
  }
}
