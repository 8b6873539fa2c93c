package dev.p2s.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.p2s.addressing.Cidr;
import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.api.v1alpha1.P2SGatewaySpec;
import dev.p2s.crd.CrdSpecs;
import dev.p2s.dataplane.PolicyGroup;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Policy groups as admission gets them, and what is refused of them. */
class PolicyGroupRulesTest {

  private static final LabelSelector STAGING =
      new LabelSelectorBuilder().addToMatchLabels("env", "staging").build();
  private static final ServiceDestinations SERVICES =
      new ServiceDestinations(
          Map.of(
              STAGING,
              List.of(
                  service("10.96.0.20", "TCP", 80, "TCP", 443),
                  service("10.96.0.7", "UDP", 53, "SCTP", 9),
                  service("None", "TCP", 80),
                  service("fd00::7", "TCP", 80))));

  private static final String EVERYONE = "{name: everyone, priority: 100, default: true}";

  @Test
  void givenGroupsInAnyOrder_whenTyped_thenTheOneThatCountsFirstIsFirst() throws Exception {
    assertThat(groups(EVERYONE, "{name: b, priority: 20}", "{name: a, priority: 10}"))
        .extracting(PolicyGroup::name)
        .containsExactly("a", "b", "everyone");
  }

  @Test
  void givenAllowAbsentOrEmpty_whenTyped_thenTheyDifferAndStaySoInTheState() throws Exception {
    List<PolicyGroup> groups =
        groups(
            EVERYONE,
            "{name: none, priority: 1, allow: []}",
            "{name: some, priority: 2,"
                + " allow: [{cidr: 10.20.0.0/16, ports: [{port: 22}, {protocol: UDP, port: 53}]}]}");
    assertThat(groups.get(0).allowed()).hasValue(List.of());
    assertThat(groups.get(1).allowed().orElseThrow())
        .singleElement()
        .satisfies(
            destination -> {
              assertThat(destination.range()).isEqualTo(Cidr.parse("10.20.0.0/16"));
              assertThat(destination.ports())
                  .extracting(port -> port.protocol() + "/" + port.port())
                  .containsExactly("TCP/22", "UDP/53");
            });
    assertThat(groups.get(2).allowed()).isEmpty();
    List<Cidr> routes = List.of(Cidr.parse("10.20.128.0/17"), Cidr.parse("10.96.0.0/12"));
    assertThat(groups.get(0).toldOf(routes).told()).hasValue(List.of());
    assertThat(groups.get(1).toldOf(routes).told()).hasValue(List.of(routes.getFirst()));
    assertThat(groups.get(2).toldOf(routes).told()).isEmpty();
    ObjectMapper json = new ObjectMapper();
    for (PolicyGroup group : groups) {
      assertThat(json.readValue(json.writeValueAsString(group), PolicyGroup.class))
          .isEqualTo(group);
    }
  }

  @Test
  void givenMembersAsPeopleWriteThem_whenTyped_thenTheyHaveOneForm() throws Exception {
    String members =
        "{name: a, priority: 1, default: true, members: ["
            + "{type: RadiusAzureGroupId, value: 6AD1BD01}, {type: CertificateGroupId, value:"
            + " Corp.Example}, {type: AADGroupId, value: 99999999-AAAA-3333-4444-555555555555},"
            + " {type: RadiusAzureGroupId, value: 6ad1bd01}]}";
    assertThat(groups(members).getFirst().members())
        .extracting(PolicyGroup.Selector::value)
        .containsExactly("99999999-aaaa-3333-4444-555555555555", "corp.example", "6ad1bd01");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "AADGroupId|engineers|'engineers' must be a group's GUID",
        "CertificateGroupId|corp example|'corp example' must be the domain after the @",
        "RadiusAzureGroupId|6ad1be01|must be hexadecimal digits that begin with 6ad1bd",
        "RadiusAzureGroupId|6ad1bd0|must be hexadecimal digits that begin with 6ad1bd",
      })
  void givenAMemberThatNoCredentialCanHave_whenTyped_thenItIsRefused(
      String type, String value, String sentence) {
    assertThat(
            refused(
                "{name: a, priority: 1, default: true, members: [{type: "
                    + type
                    + ", value: "
                    + value
                    + "}]}"))
        .hasMessageStartingWith("spec.policyGroups['a'].members: ")
        .hasMessageContaining(sentence);
  }

  @Test
  void givenMoreThanTheCaps_whenTyped_thenTheCapIsNamed() {
    String many =
        IntStream.range(0, 91)
            .mapToObj(i -> "{name: g" + i + ", priority: " + i + ", default: " + (i == 0) + "}")
            .collect(Collectors.joining(", "));
    assertThat(refused(many)).hasMessageContaining("91 groups; a gateway has 90 at most");
    String members =
        IntStream.range(0, 196)
            .mapToObj(i -> "{type: CertificateGroupId, value: d" + i + ".example}")
            .collect(Collectors.joining(", "));
    assertThat(
            refused(
                "{name: a, priority: 1, default: true, members: [" + members + "]}",
                "{name: b, priority: 2, members: [" + members + "]}"))
        .hasMessageContaining("392 members; all groups together have 390 at most");
  }

  @Test
  void givenAnOtherIssuersGroups_whenTyped_thenTheirNamesAreTakenAsTheyAre() throws Exception {
    assertThat(
            PolicyGroupRules.groups(
                    spec(
                        "{name: a, priority: 1, default: true, members: [{type: AADGroupId, value:"
                            + " VPN Users}]}"),
                    EnumSet.of(AuthenticationType.OIDC),
                    List.of(),
                    ServiceDestinations.NONE,
                    List.of())
                .getFirst()
                .members())
        .extracting(PolicyGroup.Selector::value)
        .containsExactly("VPN Users");
  }

  private static GatewayRefused refused(String... groups) {
    return catchThrowableOfType(GatewayRefused.class, () -> groups(groups));
  }

  @Test
  void givenServices_whenTyped_thenTheirClusterIpsAndPortsAreWhatIsReached() throws Exception {
    PolicyGroup group =
        groups(
                EVERYONE,
                "{name: a, priority: 1, allow: [{services: {namespaceSelector: {matchLabels: {env:"
                    + " staging}}}}]}")
            .getFirst();

    assertThat(group.allowed().orElseThrow())
        .extracting(PolicyGroupRulesTest::shown)
        .containsExactly(
            "10.96.0.7/32 UDP/53", "10.96.0.20/32 TCP/80 TCP/443", "fd00::7/128 TCP/80");
    // one route for all of them: a Service that comes or goes moves no client
    assertThat(group.toldOf(List.of(Cidr.parse("10.0.0.0/8"))).told())
        .hasValue(List.of(Cidr.parse("10.96.0.0/16")));
  }

  @Test
  void givenServicesWithPorts_whenTyped_thenOnlyThoseOfThem() throws Exception {
    assertThat(
            groups(
                    EVERYONE,
                    "{name: a, priority: 1, allow: [{ports: [{port: 443}], services:"
                        + " {namespaceSelector: {matchLabels: {env: staging}}}}]}")
                .getFirst()
                .allowed()
                .orElseThrow())
        .extracting(PolicyGroupRulesTest::shown)
        .containsExactly("10.96.0.20/32 TCP/443");
  }

  @Test
  void givenASelectorThatSelectsNothing_whenTyped_thenNothingIsReached() throws Exception {
    assertThat(
            groups(
                    EVERYONE,
                    "{name: a, priority: 1, allow: [{services: {namespaceSelector: {matchLabels:"
                        + " {env: other}}}}]}")
                .getFirst()
                .allowed())
        .hasValue(List.of());
  }

  private static String shown(PolicyGroup.Destination destination) {
    return destination.range()
        + destination.ports().stream()
            .map(port -> " " + port.protocol() + "/" + port.port())
            .collect(Collectors.joining());
  }

  private static Service service(String address, Object... protocolsAndPorts) {
    List<ServicePort> ports =
        IntStream.range(0, protocolsAndPorts.length / 2)
            .mapToObj(
                i ->
                    new ServicePortBuilder()
                        .withProtocol((String) protocolsAndPorts[2 * i])
                        .withPort((Integer) protocolsAndPorts[2 * i + 1])
                        .build())
            .toList();
    return new ServiceBuilder()
        .withNewSpec()
        .withClusterIP(address)
        .withClusterIPs(address)
        .withPorts(ports)
        .endSpec()
        .build();
  }

  @Test
  void givenTheSample_whenJudged_thenItIsAccepted() throws IOException {
    String gateway = Files.readString(Path.of("samples/groups.yaml")).split("---")[0];
    ObjectNode spec = (ObjectNode) CrdSpecs.YAML.readTree(gateway).path("spec");

    assertThat(GatewaySpecs.judged(spec)).isInstanceOf(GatewayJudge.Outcome.Accepted.class);
  }

  private static List<PolicyGroup> groups(String... groups)
      throws GatewayRefused, JsonProcessingException {
    return PolicyGroupRules.groups(
        spec(String.join(", ", groups)),
        EnumSet.of(
            AuthenticationType.Certificate, AuthenticationType.EntraID, AuthenticationType.RADIUS),
        List.of(Cidr.parse("172.31.200.0/24")),
        SERVICES,
        List.of(Cidr.parse("10.96.0.0/16")));
  }

  private static P2SGatewaySpec spec(String groups) throws JsonProcessingException {
    return CrdSpecs.YAML.readValue("{policyGroups: [" + groups + "]}", P2SGatewaySpec.class);
  }
}
