package dev.p2s.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.p2s.addressing.Cidr;
import dev.p2s.addressing.Fqdn;
import dev.p2s.api.v1alpha1.P2SGateway;
import dev.p2s.api.v1alpha1.P2SGatewaySpec;
import dev.p2s.api.v1alpha1.RoutesSpec;
import dev.p2s.api.v1alpha1.SkuSpec;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.SkuColumn;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GatewayValidationTest {

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final ClusterFacts FACTS =
      new ClusterFacts(
          List.of(Cidr.parse("10.96.0.0/16")),
          List.of(Cidr.parse("10.244.0.0/16")),
          List.of("192.0.2.1"),
          List.of("10.96.0.10"),
          Optional.of(new Fqdn("cluster.local")));

  private final GatewayValidation validation = new GatewayValidation();

  @Test
  void givenNothingButAPool_whenJudged_thenEverythingElseHasItsDefault() {
    ResolvedGateway gateway = accepted("clientAddressPools: [172.31.200.0/24]").gateway();
    assertThat(gateway.sku().name()).isEqualTo("VpnGw1AZ");
    assertThat(gateway.connectionLimit(SkuColumn.IKEV2_OPENVPN)).isEqualTo(250);
    assertThat(gateway.routes())
        .extracting(Cidr::toString)
        .containsExactly("10.96.0.0/16", "10.244.0.0/16");
    assertThat(gateway.dns().servers()).containsExactly("10.96.0.10");
    assertThat(gateway.dns().suffixes()).containsExactly(new Fqdn("cluster.local"));
    assertThat(gateway.snat()).isTrue();
    assertThat(gateway.openVpn().tlsCipherSuites()).hasSize(12);
    assertThat(gateway.scaling().replicas()).isEqualTo(1);
  }

  @Test
  void givenAPartThatIsExcluded_whenJudged_thenItIsInNoRouteThatIsToldOrReached() {
    assertThat(
            accepted("routes: {include: [10.0.0.0/8], exclude: [10.64.0.0/10]}").gateway().routes())
        .extracting(Cidr::toString)
        .containsExactly("10.0.0.0/10", "10.128.0.0/9");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{mode: Forced}|0.0.0.0/0",
        "{mode: Forced, include: [10.0.0.0/8]}|10.0.0.0/8",
        "{mode: Forced, exclude: [128.0.0.0/1]}|0.0.0.0/1"
      })
  void givenAForcedTunnel_whenJudged_thenEverythingTakesItAndTheRoutesAreReached(
      String routes, String reached) {
    ResolvedGateway gateway = accepted("routes: " + routes).gateway();

    assertThat(gateway.routes()).extracting(Cidr::toString).containsExactly(reached);
    assertThat(gateway.tunnelled()).isEqualTo(GatewayState.EVERYTHING);
    assertThat(accepted("{}").gateway().tunnelled()).isEqualTo(accepted("{}").gateway().routes());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "sku: {name: VpnGw9}|UnknownSku|spec.sku.name: 'VpnGw9' is no gateway SKU; there are Basic, VpnGw1,",
        "sku: {name: VpnGw2}|AmbiguousSku|write generation: Generation1 (1000 Mbit/s) or Generation2 (1250 Mbit/s)",
        "sku: {generation: Generation2, name: VpnGw1AZ}|UnknownSku|that SKU belongs to Generation1",
        "sku: {name: Basic}|SkuDoesNotServe|Basic serves SSTP with certificates only, not [OpenVPN] with [Certificate]; the smallest SKU with OpenVPN is VpnGw1AZ",
        "tunnelTypes: [OpenVPN, SSTP]|TunnelAuthenticationNotOffered|both need TCP 443; allowed are [OpenVPN], [SSTP], [IKEv2], [IKEv2, OpenVPN], [IKEv2, SSTP]",
        "{tunnelTypes: [IKEv2, OpenVPN], authenticationTypes: [Certificate, RADIUS]}|TunnelAuthenticationNotOffered|[Certificate, RADIUS] is not offered with [IKEv2, OpenVPN]; with [IKEv2, OpenVPN] there are [RADIUS], [Certificate], [EntraID, RADIUS], [Certificate, EntraID]",
        "serverCertificate: {secretRef: {name: a}}|SecretNotFound|spec.serverCertificate.secretRef: Secret a is not there; make it with tls.crt, tls.key and ca.crt",
        "sessions: {maxDuration: 12 hours}|SessionsInvalid|spec.sessions.maxDuration: '12 hours' is not minutes or hours",
        "sessions: {idleTimeout: half an hour}|SessionsInvalid|spec.sessions.idleTimeout: 'half an hour' is not minutes or hours",
        "clientAddressPools: [172.31.200.1/24]|PoolInvalid|spec.clientAddressPools[0]: '172.31.200.1/24' has host bits set; the range is 172.31.200.0/24",
        "clientAddressPools: [172.31.200.0/30]|PoolTooSmall|has 4 addresses; a pool is /29 at least",
        "clientAddressPools: [10.244.8.0/24]|PoolOverlap|overlaps 10.244.0.0/16 of the cluster's Pods",
        "clientAddressPools: [10.96.7.0/24]|PoolOverlap|of the cluster's Services",
        "clientAddressPools: [172.31.0.0/16, 172.31.9.0/24]|PoolOverlap|overlaps 172.31.0.0/16 of spec.clientAddressPools",
        "routes: {include: [10.0.0.0/33]}|RouteInvalid|spec.routes.include[0]",
        "routes: {include: [10.0.0.0/8], exclude: [172.16.0.0/12]}|WithoutEffect|spec.routes.exclude[0]: 172.16.0.0/12 lies in no route that is included",
        "routes: {include: [10.0.0.0/8], exclude: [0.0.0.0/0]}|RouteInvalid|nothing is left",
        "routes: {include: [10.0.0.0/8], exclude: [10.0.0.0/33]}|RouteInvalid|spec.routes.exclude[0]",
        "dns: {servers: [dns.example]}|DnsInvalid|spec.dns.servers: 'dns.example' is not a numeric",
        "revokedCertificates: [{thumbprint: 83FFBF}]|ThumbprintInvalid|40 (SHA-1) or 64 (SHA-256)",
        "exposure: {nodePort: 30443}|ExposureInvalid|nodePort is for type NodePort only",
        "{tunnelTypes: [IKEv2], exposure: {type: NodePort}}|ExposureInvalid|NodePort does not go with spec.tunnelTypes: IKEv2",
        "{tunnelTypes: [SSTP], exposure: {type: NodePort}}|ExposureInvalid|NodePort does not go with spec.tunnelTypes: SSTP",
        "allowedProfiles: {namespaces: {from: Selector, selector: {matchExpressions: [{key: team, operator: Is}]}}}|AllowedProfilesInvalid|matchExpressions: operator 'Is' of key 'team' is none of In, NotIn, Exists, DoesNotExist",
        "allowedProfiles: {namespaces: {from: Selector, selector: {matchExpressions: [{key: team, operator: In}]}}}|AllowedProfilesInvalid|operator 'In' of key 'team' needs values",
        "allowedProfiles: {namespaces: {from: Selector, selector: {matchExpressions: [{key: team, operator: Exists, values: [a]}]}}}|AllowedProfilesInvalid|takes no values",
        "exposure: {address: 'a b'}|ExposureInvalid|spec.exposure.address: 'a b'"
      })
  void givenAMistake_whenJudged_thenTheSentenceNamesFieldValueRuleAndRemedy(
      String mistake, GatewayRefusal reason, String sentence) {
    GatewayJudge.Outcome outcome = judged(mistake);
    assertThat(outcome).isInstanceOf(GatewayJudge.Outcome.Refused.class);
    GatewayJudge.Outcome.Refused refused = (GatewayJudge.Outcome.Refused) outcome;
    assertThat(refused.message()).contains(sentence);
    assertThat(refused.reason()).isEqualTo(reason);
  }

  @Test
  void givenAHomeNetworksRange_whenJudged_thenAWarningAndNoRefusal() {
    assertThat(accepted("clientAddressPools: [192.168.1.0/24]").message())
        .contains("what many home routers use");
  }

  @Test
  void givenThumbprintsAsPeoplePasteThem_whenJudged_thenTheyAreOneForm() {
    String pasted = "83 FF BF C8 84 8B 5A 58 36 C9 4D 01 12 36 7E 16 14 8A 28 6F";
    assertThat(
            accepted("revokedCertificates: [{name: third, thumbprint: '" + pasted + "'}]")
                .gateway()
                .revocations())
        .singleElement()
        .satisfies(
            r -> assertThat(r.thumbprint()).isEqualTo("83ffbfc8848b5a5836c94d0112367e16148a286f"));
  }

  @Test
  void givenAClusterThatDoesNotTellItsRanges_whenNoRouteIsNamed_thenRangesUnknown() {
    var nothing = new ClusterFacts(List.of(), List.of(), List.of(), List.of(), Optional.empty());
    var outcome = validation.validate(gateway("{}"), observation(nothing, List.of()));
    assertThat(outcome)
        .isInstanceOfSatisfying(
            GatewayJudge.Outcome.Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo(GatewayRefusal.RangesUnknown));
  }

  @Test
  void givenAnotherGatewaysPool_whenTakenAgain_thenItsOwnerIsNamed() {
    P2SGateway other = gateway("clientAddressPools: [172.31.200.0/22]");
    other.getMetadata().setName("corp");
    var outcome =
        validation.validate(
            gateway("clientAddressPools: [172.31.201.0/24]"), observation(FACTS, List.of(other)));
    assertThat(outcome)
        .isInstanceOfSatisfying(
            GatewayJudge.Outcome.Refused.class,
            refused -> assertThat(refused.message()).contains("of gateway vpn/corp"));
  }

  @Property(tries = 300)
  void anyText_isTypedOrRefusedAndNeverAnException(@ForAll @StringLength(max = 80) String text) {
    P2SGatewaySpec spec =
        new P2SGatewaySpec(
            new SkuSpec(null, text, null),
            null,
            null,
            List.of(text),
            new RoutesSpec(List.of(text), null, null, null),
            new P2SGatewaySpec.Dns(List.of(text), List.of(text)),
            text,
            List.of(new P2SGatewaySpec.RevokedCertificate(text, text)),
            List.of(),
            new P2SGatewaySpec.Exposure(null, text, null, null),
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null);
    P2SGateway gateway = gateway("{}");
    gateway.setSpec(spec);
    assertThat(validation.validate(gateway, observation(FACTS, List.of())))
        .isInstanceOfSatisfying(
            GatewayJudge.Outcome.Refused.class,
            refused ->
                assertThat(refused.message())
                    .doesNotContainPattern("[\\x00-\\x1f\\x7f\u0085\u2028\u2029]"));
  }

  private GatewayJudge.Outcome.Accepted accepted(String spec) {
    GatewayJudge.Outcome outcome = judged(spec);
    assertThat(outcome).isInstanceOf(GatewayJudge.Outcome.Accepted.class);
    return (GatewayJudge.Outcome.Accepted) outcome;
  }

  private GatewayJudge.Outcome judged(String spec) {
    return validation.validate(gateway(spec), observation(FACTS, List.of()));
  }

  private static P2SGateway gateway(String yaml) {
    P2SGateway gateway = new P2SGateway();
    gateway.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace("vpn")
            .withName("office")
            .withUid("1")
            .withGeneration(7L)
            .build());
    try {
      var tree = YAML.readTree(yaml);
      if (!tree.has("clientAddressPools")) {
        ((com.fasterxml.jackson.databind.node.ObjectNode) tree)
            .putArray("clientAddressPools")
            .add("172.31.200.0/24");
      }
      gateway.setSpec(YAML.treeToValue(tree, P2SGatewaySpec.class));
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
    return gateway;
  }

  private static GatewayObservation observation(ClusterFacts facts, List<P2SGateway> others) {
    return new GatewayObservation(
        facts,
        others,
        List.of(),
        List.of(),
        ReferencedTexts.NONE,
        Optional.empty(),
        Optional.empty(),
        List.of(),
        ClusterNodes.UNKNOWN,
        List.of(),
        List.of(),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        RadiusSecrets.NONE,
        SuppliedCertificates.NONE,
        CertificateOrder.NONE,
        ServiceDestinations.NONE);
  }
}
