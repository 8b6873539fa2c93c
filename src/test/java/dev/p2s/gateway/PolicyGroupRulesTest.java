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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Policy groups as admission gets them, and what is refused of them. */
class PolicyGroupRulesTest {

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
    assertThat(groups.get(0).told()).hasValue(List.of());
    assertThat(groups.get(1).told()).hasValue(List.of(Cidr.parse("10.20.128.0/17")));
    assertThat(groups.get(2).told()).isEmpty();
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
        List.of(Cidr.parse("10.20.128.0/17"), Cidr.parse("10.96.0.0/12")));
  }

  private static P2SGatewaySpec spec(String groups) throws JsonProcessingException {
    return CrdSpecs.YAML.readValue("{policyGroups: [" + groups + "]}", P2SGatewaySpec.class);
  }
}
