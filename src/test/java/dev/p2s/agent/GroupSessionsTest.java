package dev.p2s.agent;

import static dev.p2s.agent.TestGateway.ROOT;
import static dev.p2s.agent.TestGateway.SLOT;
import static dev.p2s.agent.TestGateway.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.addressing.Cidr;
import dev.p2s.agent.openvpn.ManagementMessage.ClientEvent;
import dev.p2s.agent.openvpn.ManagementMessage.Kind;
import dev.p2s.agent.session.Authentication;
import dev.p2s.agent.session.Person;
import dev.p2s.agent.session.Session;
import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.api.v1alpha1.PolicyGroupSpec.MemberType;
import dev.p2s.dataplane.PolicyGroup;
import dev.p2s.dataplane.States;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sessions of people of different groups, and what becomes of them when groups change. */
class GroupSessionsTest {

  private static final PolicyGroup EVERYONE =
      new PolicyGroup("everyone", 100, true, List.of(), List.of(), null, null);

  @TempDir Path directory;
  private TestGateway gateway;

  @BeforeEach
  void aGatewayOfTwoGroups() throws IOException {
    gateway = new TestGateway(directory);
    follow(engineers("10.9.0.0/24"), EVERYONE);
  }

  @Test
  void givenTwoGroups_whenTheirPeopleConnect_thenEachGetsTheGroupsAddressAndRoutes() {
    connect(0, "alice@eng.example");
    connect(1, "bob@corp.example");

    assertThat(session(0).group()).isEqualTo("engineers");
    assertThat(session(0).address().toString()).startsWith("10.9.0.");
    assertThat(session(0).grants().getFirst().group()).isEqualTo(PolicyGroup.mark("engineers"));
    assertThat(session(1).group()).isEqualTo("everyone");
    assertThat(session(1).address().toString()).startsWith("10.8.0.");
    assertThat(gateway.happened)
        .anyMatch(line -> line.contains("client-auth 0 1") && line.contains("route 10.20.0.0"))
        .anyMatch(line -> line.contains("client-auth 1 1") && line.contains("route 10.96.0.0"))
        .noneMatch(line -> line.contains("client-auth 0 1") && line.contains("route 10.96.0.0"));
  }

  @Test
  void givenASession_whenItsPersonChangesGroupsAndTheAddressFits_thenOnlyItsReachChanges() {
    follow(engineers(), EVERYONE);
    connect(0, "alice@eng.example");
    connect(1, "bob@corp.example");
    gateway.happened.clear();
    Session before = session(0);

    follow(group("engineers", 10, "other.example"), EVERYONE);

    assertThat(session(0).id()).isEqualTo(before.id());
    assertThat(session(0).group()).isEqualTo("everyone");
    assertThat(gateway.happened).containsExactly("kernel Permit");
    assertThat(reread().group()).isEqualTo("everyone");
  }

  @Test
  void givenASession_whenItsGroupGetsOtherPools_thenItDialsAgainAndOthersStay() {
    connect(0, "alice@eng.example");
    connect(1, "bob@corp.example");
    gateway.happened.clear();

    follow(engineers("10.10.0.0/24"), EVERYONE);

    assertThat(gateway.happened).containsExactly("kernel Forbid", "server client-kill 0 RESTART\n");
    assertThat(gateway.table.all()).extracting(Session::group).containsExactly("everyone");
  }

  @Test
  void givenAGroupThatMayReachMore_whenAWhileHasPassed_thenItsClientsDialAgainAndNoOther() {
    connect(0, "alice@eng.example");
    connect(1, "bob@corp.example");
    gateway.happened.clear();

    follow(
        new PolicyGroup(
            "engineers",
            10,
            false,
            engineers().members(),
            List.of(Cidr.parse("10.9.0.0/24")),
            null,
            null),
        EVERYONE);
    gateway.pass(Duration.ofSeconds(5));
    gateway.policy.tick();
    gateway.policy.flush();

    assertThat(gateway.happened).containsExactly("kernel Forbid", "server client-kill 0 RESTART\n");
  }

  @Test
  void givenNoGroupsAnyMore_whenFollowed_thenSessionsHaveTheGatewaysReach() {
    follow(engineers(), EVERYONE);
    connect(0, "alice@eng.example");

    follow();

    assertThat(session(0).group()).isNull();
    assertThat(session(0).grants().getFirst().group()).isZero();
  }

  @Test
  void givenAGroupsPoolIsUsedUp_whenOneMoreConnects_thenRefusedThoughTheGatewayHasRoom() {
    follow(engineers("10.9.0.0/29"), EVERYONE);
    for (int i = 0; i < 5; i++) {
      connect(i, "p" + i + "@eng.example");
    }

    connect(5, "p5@eng.example");
    connect(6, "bob@corp.example");

    assertThat(gateway.happened)
        .anyMatch(line -> line.contains("client-deny 5 1 \"ADDRESSES_USED_UP\""));
    assertThat(session(6).group()).isEqualTo("everyone");
  }

  @Test
  void givenAFreshLoginOfAnotherGroup_whenItRenewsASession_thenItsReachFollows() {
    PolicyGroup admins =
        new PolicyGroup(
            "admins",
            1,
            false,
            List.of(new PolicyGroup.Selector(MemberType.RadiusAzureGroupId, "6ad1bd01")),
            List.of(),
            null,
            null);
    gateway.follow(
        States.gateway()
            .authentications(AuthenticationType.RADIUS)
            .groups(admins, EVERYONE)
            .build());
    logIn(Kind.CONNECT, List.of());
    assertThat(session(0).group()).isEqualTo("everyone");

    logIn(Kind.REAUTH, List.of("6ad1bd01"));

    assertThat(session(0).group()).isEqualTo("admins");
    assertThat(gateway.happened).contains("kernel Permit", "server client-auth-nt 0 1\n");
  }

  private void logIn(Kind kind, List<String> groups) {
    gateway.happened.clear();
    gateway.door.event(SLOT, TestGateway.login(kind, 0, "1", "alice", "secret"));
    gateway.people.answer(
        new Authentication.Known(
            new Person(AuthenticationType.RADIUS, "alice", groups, null, null)));
    gateway.policy.flush();
  }

  private void follow(PolicyGroup... groups) {
    gateway.follow(States.gateway().limit(20).roots(ROOT).groups(groups).build());
    gateway.policy.flush();
  }

  private void connect(long client, String name) {
    Map<String, String> environment = new HashMap<>(event(Kind.CONNECT, client, "1").environment());
    environment.put("common_name", name);
    gateway.door.event(SLOT, new ClientEvent(Kind.CONNECT, client, 1, environment));
    gateway.policy.flush();
  }

  private Session session(long client) {
    return gateway.table.all().stream()
        .filter(session -> session.seat().client() == client)
        .findFirst()
        .orElseThrow();
  }

  private Session reread() {
    try {
      TestGateway next = new TestGateway(directory);
      return next.table.all().stream()
          .filter(session -> session.seat().client() == 0)
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static PolicyGroup engineers(String... pools) {
    return group("engineers", 10, "eng.example", pools);
  }

  private static PolicyGroup group(String name, int priority, String domain, String... pools) {
    List<Cidr> reach = List.of(Cidr.parse("10.20.0.0/16"));
    return new PolicyGroup(
        name,
        priority,
        false,
        List.of(new PolicyGroup.Selector(MemberType.CertificateGroupId, domain)),
        Stream.of(pools).map(Cidr::parse).toList(),
        List.of(new PolicyGroup.Destination(reach.getFirst(), List.of())),
        reach);
  }
}
