package dev.p2s.agent.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.agent.session.ClientCertificate.Thumbprints;
import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.api.v1alpha1.PolicyGroupSpec.MemberType;
import dev.p2s.dataplane.PolicyGroup;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which policy group somebody is of. */
class GroupChoiceTest {

  private static final String GUID = "99999999-aaaa-3333-4444-555555555555";
  private static final List<PolicyGroup> GROUPS =
      List.of(
          group("engineers", 10, false, MemberType.CertificateGroupId, "eng.example"),
          group("radius", 20, false, MemberType.RadiusAzureGroupId, "6ad1bd01"),
          group("entra", 30, false, MemberType.AADGroupId, GUID),
          group("Admins", 40, false, MemberType.AADGroupId, "Admins"),
          group("everyone", 100, true));

  @ParameterizedTest
  @CsvSource({
    "alice@eng.example,     engineers",
    "alice@ENG.Example,     engineers",
    "a@b@eng.example,       engineers",
    "alice@other.example,   everyone",
    "alice@x.eng.example,   everyone",
    "eng.example,           everyone",
    "alice@,                everyone",
    "6ad1bd01,              everyone"
  })
  void givenACertificate_whenChosen_thenTheDomainOfItsCommonNameCounts(String name, String group) {
    assertThat(chosen(certificate(name))).isEqualTo(group);
  }

  @ParameterizedTest
  @CsvSource({
    "RADIUS,  6ad1bd01,                             radius",
    "RADIUS,  6AD1BD01,                             radius",
    "RADIUS,  99999999-aaaa-3333-4444-555555555555, everyone",
    "EntraID, 99999999-AAAA-3333-4444-555555555555, entra",
    "EntraID, 6ad1bd01,                             everyone",
    "OIDC,    Admins,                               Admins",
    "OIDC,    admins,                               everyone"
  })
  void givenSomebodyWhoLoggedIn_whenChosen_thenTheirServersWordForItsOwnKindCounts(
      AuthenticationType method, String told, String group) {
    assertThat(chosen(person(method, told))).isEqualTo(group);
  }

  @Test
  void givenNoGroups_whenChosen_thenNobodyHasOne() {
    assertThat(GroupChoice.of(certificate("alice@eng.example"), List.of())).isEmpty();
  }

  @Property
  void givenAnyGroups_whenChosen_thenNoOtherThatFitsHasALowerNumberWhateverTheOrder(
      @ForAll long seed) {
    Random random = new Random(seed);
    List<PolicyGroup> groups = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      groups.add(group("g" + i, i * 10, i == 7, MemberType.AADGroupId, "role" + random.nextInt(6)));
    }
    List<String> told = new ArrayList<>();
    random.ints(random.nextInt(4), 0, 8).forEach(role -> told.add("role" + role));
    Person person = person(AuthenticationType.OIDC, told.toArray(String[]::new));
    Collections.shuffle(groups, random);

    PolicyGroup chosen = GroupChoice.of(person, groups).orElseThrow();

    Optional<PolicyGroup> lowest =
        groups.stream()
            .filter(group -> told.contains(group.members().getFirst().value()))
            .min((a, b) -> Integer.compare(a.priority(), b.priority()));
    assertThat(chosen.name()).isEqualTo(lowest.map(PolicyGroup::name).orElse("g7"));
  }

  private static String chosen(Credential credential) {
    return GroupChoice.of(credential, GROUPS).orElseThrow().name();
  }

  private static ClientCertificate certificate(String name) {
    return new ClientCertificate(name, List.of(new Thumbprints("1".repeat(40), "2".repeat(64))));
  }

  private static Person person(AuthenticationType method, String... groups) {
    return new Person(method, "alice", List.of(groups), null, null);
  }

  private static PolicyGroup group(
      String name, int priority, boolean isDefault, MemberType type, String value) {
    return new PolicyGroup(
        name,
        priority,
        isDefault,
        List.of(new PolicyGroup.Selector(type, value)),
        List.of(),
        null,
        null);
  }

  private static PolicyGroup group(String name, int priority, boolean isDefault) {
    return new PolicyGroup(name, priority, isDefault, List.of(), List.of(), null, null);
  }
}
