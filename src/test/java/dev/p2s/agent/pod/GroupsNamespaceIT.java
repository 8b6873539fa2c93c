package dev.p2s.agent.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.p2s.addressing.Cidr;
import dev.p2s.api.v1alpha1.PolicyGroupSpec.MemberType;
import dev.p2s.api.v1alpha1.PolicyGroupSpec.Protocol;
import dev.p2s.dataplane.AgentReport;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.PolicyGroup;
import dev.p2s.dataplane.States;
import dev.p2s.pki.CertificateAuthority;
import dev.p2s.pki.KeyKind;
import dev.p2s.pki.Pem;
import dev.p2s.pki.Thumbprint;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** People of two policy groups at one pod, with stock clients and the real kernel. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GroupsNamespaceIT {

  private static final Duration MOMENT = Duration.ofMillis(800);

  private final SecureRandom random = new SecureRandom();
  private final CertificateAuthority office =
      CertificateAuthority.selfSigned(
          "CN-Office", KeyKind.EC_P256, Duration.ofDays(2), Instant.now(), random);
  private final CertificateAuthority.Leaf engineer = person("alice@eng.example");
  private final CertificateAuthority.Leaf bob = person("bob");

  private GatewayPod pod;
  private Laptop first;
  private Laptop second;

  @BeforeAll
  void startPod(@TempDir(cleanup = CleanupMode.NEVER) Path directory) throws IOException {
    Machine machine = new Machine(directory);
    try {
      pod = new GatewayPod(directory, machine);
      first = new Laptop(pod, directory, "first", 71);
      second = new Laptop(pod, directory, "second", 72);
    } catch (IOException | RuntimeException e) {
      machine.close();
      throw e;
    }
  }

  @BeforeEach
  void nobodyIsConnected() throws Exception {
    first.hangUp();
    second.hangUp();
    pod.program(grouped(destination("10.96.0.0/24")));
    pod.awaitReport(report -> report.sessions().isEmpty());
  }

  @AfterAll
  void stopPod() {
    if (pod != null) {
      pod.close();
    }
  }

  @Test
  void givenTwoGroups_whenTheirPeopleConnect_thenEachHasItsGroupsAddressesAndReach()
      throws Exception {
    first.connect(engineer);
    second.connect(bob);

    assertThat(session("alice@eng.example").tunnelAddress()).startsWith("10.9.0.");
    assertThat(session("alice@eng.example").group()).isEqualTo("engineers");
    assertThat(session("bob").tunnelAddress()).startsWith("10.8.0.");
    assertThat(session("bob").group()).isEqualTo("everyone");
    assertThat(first.ask(GatewayPod.ADVERTISED)).isNotEmpty();
    // its client was told of this route, and the other's was not
    assertThat(first.ask(GatewayPod.HIDDEN)).isNotEmpty();
    assertThat(second.ask(GatewayPod.ADVERTISED)).isNotEmpty();
    assertThat(second.log()).doesNotContain("10.97.0.0");
    pod.machine.require(
        "ip", "-n", Machine.named("second"), "route", "add", "10.97.0.0/24", "dev", "tun0");
    assertThat(second.ask(GatewayPod.HIDDEN)).isEmpty();
  }

  @Test
  void givenTwoGroups_whenOneMayReachLess_thenItsFlowsStopAndTheOthersGoOn() throws Exception {
    first.connect(engineer);
    second.connect(bob);
    Laptop.TickStream alices = first.listen();
    Laptop.TickStream bobs = second.listen();
    String alice = session("alice@eng.example").id();

    pod.program(grouped(destination("10.96.0.0/24", TickServer.PORT + 1)));

    assertThat(bobs.during(MOMENT)).isZero();
    assertThat(alices.during(MOMENT)).isGreaterThan(4);
    assertThat(session("alice@eng.example").id()).isEqualTo(alice);

    pod.program(grouped(destination("10.96.0.0/24", TickServer.PORT)));
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> !second.ask(GatewayPod.ADVERTISED).isEmpty());
    assertThat(alices.during(MOMENT)).isGreaterThan(4);
  }

  @Test
  void givenASessionOfAGroup_whenAgentAndNetdAreKilled_thenItKeepsItsReach() throws Exception {
    first.connect(engineer);
    Laptop.TickStream ticks = first.listen();

    pod.killAgent();
    pod.killNetd();
    pod.startNetd();
    pod.startAgent();
    pod.program(grouped());

    assertThat(ticks.during(MOMENT)).isGreaterThan(4);
    assertThat(session("alice@eng.example").group()).isEqualTo("engineers");
  }

  @Test
  void givenTwoClients_whenTheyMayReachOneAnother_thenTheyDoAndOtherwiseNot() throws Exception {
    first.connect(engineer);
    second.connect(bob);
    String bobs = session("bob").tunnelAddress();
    assertThat(first.pings(bobs)).isFalse();

    pod.program(
        States.gateway()
            .generation(pod.nextGeneration())
            .pools("10.8.0.0/24", "10.9.0.0/24")
            .routes("10.96.0.0/24", "10.97.0.0/24")
            .roots(root())
            .clientToClient()
            .build());
    // they learn of the routes to one another by dialling again
    await().atMost(Duration.ofSeconds(30)).until(() -> first.pings(address("bob")));
    await().atMost(Duration.ofSeconds(30)).until(() -> second.pings(address("alice@eng.example")));
    AgentReport.Session counted =
        pod
            .awaitReport(
                report -> of(report, "bob").filter(session -> session.packetsOut() > 0).isPresent())
            .sessions()
            .stream()
            .filter(session -> session.user().equals("bob"))
            .findFirst()
            .orElseThrow();
    assertThat(counted.packetsIn()).isPositive();
  }

  @Test
  void givenAnIdleTimeout_whenOneSendsNothing_thenItsClientEndsAndTheOtherGoesOn()
      throws Exception {
    first.connect(engineer);
    second.connect(bob);
    Laptop.TickStream ticks = first.listen();

    pod.program(groups(destination("10.96.0.0/24")).idleSeconds(12).build());

    await().atMost(Duration.ofSeconds(60)).until(second::hasEnded);
    assertThat(of(pod.report(), "bob")).isEmpty();
    assertThat(ticks.during(MOMENT)).isGreaterThan(4);
  }

  private String address(String user) {
    return of(pod.report(), user).map(AgentReport.Session::tunnelAddress).orElse("192.0.2.1");
  }

  private GatewayState.TrustedRoot root() {
    return new GatewayState.TrustedRoot(
        "root",
        Thumbprint.sha256(office.certificate()).hex(),
        Pem.certificate(office.certificate()));
  }

  private AgentReport.Session session(String user) {
    return pod.awaitReport(report -> of(report, user).isPresent()).sessions().stream()
        .filter(session -> session.user().equals(user))
        .findFirst()
        .orElseThrow();
  }

  private static Optional<AgentReport.Session> of(AgentReport report, String user) {
    return report.sessions().stream().filter(session -> session.user().equals(user)).findFirst();
  }

  /** Engineers reach both networks by every port, and everyone else what is said. */
  private GatewayState grouped(PolicyGroup.Destination... everyone) {
    return groups(everyone).build();
  }

  private States groups(PolicyGroup.Destination... everyone) {
    List<Cidr> both = List.of(Cidr.parse("10.96.0.0/24"), Cidr.parse("10.97.0.0/24"));
    return States.gateway()
        .generation(pod.nextGeneration())
        .limit(10)
        .roots(root())
        .routes("10.96.0.0/24", "10.97.0.0/24")
        .groups(
            new PolicyGroup(
                "engineers",
                10,
                false,
                List.of(new PolicyGroup.Selector(MemberType.CertificateGroupId, "eng.example")),
                List.of(Cidr.parse("10.9.0.0/24")),
                both.stream().map(r -> new PolicyGroup.Destination(r, List.of())).toList(),
                both),
            new PolicyGroup(
                "everyone",
                100,
                true,
                List.of(),
                List.of(),
                List.of(everyone),
                Stream.of(everyone).map(PolicyGroup.Destination::range).toList()));
  }

  private static PolicyGroup.Destination destination(String range, int... ports) {
    return new PolicyGroup.Destination(
        Cidr.parse(range),
        IntStream.of(ports).mapToObj(p -> new PolicyGroup.Port(Protocol.TCP, p)).toList());
  }

  private CertificateAuthority.Leaf person(String name) {
    return office.issueClient(name, KeyKind.EC_P256, Duration.ofDays(1), Instant.now(), random);
  }
}
