package dev.p2s.agent.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.p2s.dataplane.AgentReport;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.GatewayState.Revocation;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The data plane as it runs in a pod, with stock clients, in network namespaces of this machine.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GatewayPodNamespaceIT {

  private static final Duration MOMENT = Duration.ofMillis(800);

  private final SecureRandom random = new SecureRandom();
  private final CertificateAuthority office = root("CN-Office");
  private final CertificateAuthority partners = root("CN-Partners");
  private final CertificateAuthority.Leaf alice = person(office, "alice");
  private final CertificateAuthority.Leaf bob = person(partners, "bob");

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
  void emptyGateway() throws Exception {
    first.hangUp();
    second.hangUp();
    pod.program(state(10, List.of(), office, partners));
    pod.awaitReport(report -> report.sessions().isEmpty());
  }

  @AfterAll
  void stopPod() {
    if (pod != null) {
      pod.close();
    }
  }

  @Test
  void givenAClientOfATrustedRoot_whenItConnects_thenItReachesAdvertisedRoutesOnly()
      throws Exception {
    first.connect(alice);

    AgentReport.Session session = onlySession();
    assertThat(session.user()).isEqualTo("alice");
    assertThat(session.certificateSha256()).isEqualTo(Thumbprint.sha256(alice.certificate()).hex());
    assertThat(session.clientAddress()).startsWith("192.168.71.2:");
    assertThat(first.ask(GatewayPod.ADVERTISED)).startsWith("10.96.0.1 ");
    pod.machine.require(
        "ip", "-n", Machine.named("first"), "route", "add", "10.97.0.0/24", "dev", "tun0");
    assertThat(first.ask(GatewayPod.HIDDEN)).isEmpty();

    first.hangUp();
    pod.awaitReport(report -> report.sessions().isEmpty());
  }

  @Test
  void givenAClientOfAnotherRoot_whenItDials_thenItIsNoSession() throws Exception {
    first.dial(person(root("CN-Stranger"), "mallory"));

    await().atMost(Duration.ofSeconds(10)).until(() -> first.log().contains("Connection reset"));
    assertThat(first.log()).doesNotContain("Initialization Sequence Completed");
    assertThat(pod.report().sessions()).isEmpty();
  }

  @Test
  void givenTwoRoots_whenOneIsRemoved_thenItsSessionEndsAndTheOtherStays() throws Exception {
    first.connect(alice);
    second.connect(bob);
    Laptop.TickStream alices = first.listen();
    Laptop.TickStream bobs = second.listen();
    List<String> sets = pod.serverSets();

    pod.program(state(10, List.of(), partners));

    assertThat(onlySession().user()).isEqualTo("bob");
    assertThat(alices.during(MOMENT)).isZero();
    assertThat(bobs.during(MOMENT)).isGreaterThan(4);
    first.awaitLog("not issued by a root certificate that this gateway trusts");
    await().atMost(Duration.ofSeconds(10)).until(first::hasEnded);
    assertThat(pod.serverSets()).isEqualTo(sets);
  }

  @Test
  void givenASession_whenItsCertificateIsRevoked_thenNoPacketPassesAndThePersonIsTold()
      throws Exception {
    first.connect(alice);
    Laptop.TickStream ticks = first.listen();

    pod.program(
        state(
            10,
            List.of(new Revocation("lost", Thumbprint.sha1(alice.certificate()).hex())),
            office,
            partners));

    assertThat(ticks.during(MOMENT)).isZero();
    first.awaitLog("AUTH_FAILED,Your certificate has been revoked");
    assertThat(pod.report().sessions()).isEmpty();
  }

  @Test
  void givenARootOfASubjectThatIsLoaded_whenItTakesItsPlace_thenANewServerSetKnowsIt()
      throws Exception {
    first.connect(bob);
    second.connect(alice);
    Laptop.TickStream bobs = first.listen();
    CertificateAuthority renewed = root("CN-Office");
    List<String> before = pod.serverSets();

    pod.program(state(10, List.of(), renewed, partners));
    second.hangUp();
    second.connect(person(renewed, "alice"));

    assertThat(pod.serverSets()).hasSize(before.size() + 1).containsAll(before);
    assertThat(bobs.during(MOMENT)).isGreaterThan(4);
    assertThat(second.ask(GatewayPod.ADVERTISED)).isNotEmpty();
  }

  @Test
  void givenOtherServerKeys_whenTheOldSetHasDrained_thenItsProcessesAndDevicesAreGone()
      throws Exception {
    first.connect(bob);
    String old = pod.serverSets().getLast();
    List<String> oldSets = pod.serverSets();

    pod.newServerKeys();
    pod.program(state(10, List.of(), office, partners));
    assertThat(pod.serverSets()).contains(old);
    first.hangUp();

    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> pod.serverSets().stream().noneMatch(oldSets::contains));
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(
            () -> {
              assertThat(pod.tunnelDevices()).hasSize(2);
              assertThat(pod.serverProcesses("openvpn")).isEqualTo(2);
              assertThat(pod.serverProcesses("s6-supervise")).isEqualTo(2);
            });
  }

  @Test
  void givenTwoSessions_whenOneSendsFromTheOthersAddress_thenNothingPasses() throws Exception {
    first.connect(alice);
    second.connect(bob);
    String bobsAddress =
        pod.report().sessions().stream()
            .filter(session -> session.user().equals("bob"))
            .findFirst()
            .orElseThrow()
            .tunnelAddress();
    assertThat(first.ask(GatewayPod.ADVERTISED)).isNotEmpty();

    first.sendFrom(bobsAddress);

    assertThat(first.ask(GatewayPod.ADVERTISED)).isEmpty();
    assertThat(second.ask(GatewayPod.ADVERTISED)).isNotEmpty();
  }

  @Test
  void givenASession_whenAgentAndNetdAreKilled_thenItGoesOnAndCanStillBeRevoked() throws Exception {
    first.connect(alice);
    Laptop.TickStream ticks = first.listen();
    AgentReport.Session before = onlySession();

    pod.killAgent();
    pod.killNetd();
    assertThat(ticks.during(MOMENT)).isGreaterThan(4);
    pod.startNetd();
    pod.startAgent();
    GatewayState changed = state(9, List.of(), office, partners);
    pod.program(changed);

    assertThat(onlySession().id()).isEqualTo(before.id());
    assertThat(ticks.during(MOMENT)).isGreaterThan(4);
    assertThat(first.log()).doesNotContain("Restart pause");

    pod.program(
        state(
            9,
            List.of(new Revocation("lost", Thumbprint.sha256(alice.certificate()).hex())),
            office,
            partners));
    assertThat(ticks.during(MOMENT)).isZero();
  }

  @Test
  void givenAServerThatDies_whenItsSupervisorStartsItAnew_thenItsClientComesBackByItself()
      throws Exception {
    first.connect(alice);
    AgentReport.Session before = onlySession();

    pod.killServers();

    AgentReport.Session after =
        pod.awaitReport(
                report ->
                    report.sessions().size() == 1
                        && !report.sessions().getFirst().id().equals(before.id()))
            .sessions()
            .getFirst();
    assertThat(after.tunnelAddress()).isEqualTo(before.tunnelAddress());
    await().atMost(Duration.ofSeconds(10)).until(() -> !first.ask(GatewayPod.ADVERTISED).isEmpty());
    pod.awaitReport(AgentReport::programmed);
  }

  @Test
  void givenAGatewayThatIsFull_whenOneMoreDials_thenASentenceSaysSo() throws Exception {
    pod.program(state(1, List.of(), office, partners));
    first.connect(alice);

    second.dial(bob);

    second.awaitLog("This gateway is full: it has all 1 connections");
    assertThat(onlySession().user()).isEqualTo("alice");
  }

  private AgentReport.Session onlySession() {
    return pod.awaitReport(report -> report.sessions().size() == 1).sessions().getFirst();
  }

  private GatewayState state(int limit, List<Revocation> revoked, CertificateAuthority... roots) {
    return States.gateway()
        .generation(pod.nextGeneration())
        .routes("10.96.0.0/24")
        .dns(new GatewayState.Dns(List.of(), List.of()))
        .limit(limit)
        .roots(
            Stream.of(roots)
                .map(
                    root ->
                        new GatewayState.TrustedRoot(
                            "root",
                            Thumbprint.sha256(root.certificate()).hex(),
                            Pem.certificate(root.certificate())))
                .toArray(GatewayState.TrustedRoot[]::new))
        .revoked(revoked)
        .openVpn(
            new GatewayState.OpenVpn(
                2, "1.2", List.of(), List.of("AES-256-GCM", "AES-128-GCM"), 10, 60, 1500))
        .build();
  }

  private CertificateAuthority root(String commonName) {
    return CertificateAuthority.selfSigned(
        commonName, KeyKind.EC_P256, Duration.ofDays(2), Instant.now(), random);
  }

  private CertificateAuthority.Leaf person(CertificateAuthority root, String name) {
    return root.issueClient(name, KeyKind.EC_P256, Duration.ofDays(1), Instant.now(), random);
  }
}
