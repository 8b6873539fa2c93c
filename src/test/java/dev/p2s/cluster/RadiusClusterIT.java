package dev.p2s.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * People with RADIUS passwords beside people with certificates: two real FreeRADIUS servers, stock
 * clients. Time budget: 2 min beside the installation.
 */
class RadiusClusterIT {

  private static final String NAMESPACE = "vpn-radius";
  private static final String GATEWAY = "campus";
  private static final String PHRASE = RadiusMachine.ALICE;
  private static final String DAVE = "dave-secret";
  private static final String BOB = "bob-secret";

  private static final List<String> SECRETS =
      List.of(
          PHRASE,
          DAVE,
          BOB,
          "carol-secret",
          "erin-secret",
          "frank-secret",
          "not-the-password",
          RadiusMachine.SECRET);

  private static TestCluster cluster;
  private static Installation installation;
  private static RadiusMachine first;
  private static RadiusMachine second;

  private final List<VpnClient> clients = new ArrayList<>();

  @BeforeAll
  static void aGatewayWithTwoServers() {
    cluster = TestCluster.shared();
    installation = new Installation(cluster).install();
    cluster.namespace(NAMESPACE, "privileged");
    first = new RadiusMachine();
    second = new RadiusMachine();
    installation.applyText(
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: radius, namespace: %1$s}
        stringData: {shared: "%2$s"}
        ---
        apiVersion: p2s.dev/v1alpha1
        kind: P2SGateway
        metadata: {name: %3$s, namespace: %1$s}
        spec:
          clientAddressPools: [172.31.202.0/24]
          exposure: {type: NodePort, nodePort: 31202}
          authenticationTypes: [Certificate, RADIUS]
          radius:
            passwordProtocol: PAP
            timeoutSeconds: 5
            accounting: true
            servers:
            - {address: %4$s, score: 20, secretRef: {name: radius, key: shared}}
            - {address: %5$s, score: 10, secretRef: {name: radius, key: shared}}
        ---
        apiVersion: p2s.dev/v1alpha1
        kind: RootCertificate
        metadata: {name: campus-root, namespace: %1$s}
        spec:
          gatewayRef: {name: %3$s}
          selfSigned: {}
        ---
        apiVersion: p2s.dev/v1alpha1
        kind: ClientProfile
        metadata: {name: people, namespace: %1$s}
        spec:
          gatewayRef: {name: %3$s}
          authenticationType: RADIUS
        ---
        apiVersion: p2s.dev/v1alpha1
        kind: ClientProfile
        metadata: {name: machine, namespace: %1$s}
        spec:
          gatewayRef: {name: %3$s}
          authenticationType: Certificate
        """
            .formatted(
                NAMESPACE, RadiusMachine.SECRET, GATEWAY, first.address(), second.address()));
    installation.awaitReady(NAMESPACE, GATEWAY);
  }

  @AfterAll
  static void nothingIsLeft() {
    first.close();
    second.close();
    cluster.kubectl("delete", "namespace", NAMESPACE, "--wait=false");
  }

  @AfterEach
  void everybodyHangsUpAndNoSecretIsFoundAnywhere() {
    clients.forEach(VpnClient::close);
    String collected = WrittenTexts.of(cluster, NAMESPACE, GATEWAY + "-0");
    assertThat(collected).contains("\"event\":\"admitted\"");
    assertThat(WrittenTexts.keys(cluster, NAMESPACE))
        .hasSizeGreaterThan(50)
        .noneMatch(collected::contains);
    for (String secret : SECRETS) {
      assertThat(collected).doesNotContain(secret);
    }
  }

  @Test
  void givenARightPassword_whenDialled_thenInBesideSomebodyWithACertificate() {
    VpnClient alice = machine().connectAs(people(), "alice", PHRASE);
    VpnClient printer = machine().connect(installation.ovpn(NAMESPACE, "machine"));

    for (VpnClient each : List.of(alice, printer)) {
      assertThat(each.tunnelAddress()).startsWith("172.31.202.");
      assertThat(
              each.run(
                  "dig",
                  "+short",
                  "+time=3",
                  "@10.245.0.10",
                  "kubernetes.default.svc.cluster.local"))
          .startsWith("10.245.");
    }
    assertThat(agentLog())
        .contains("\"user\":\"alice\",\"certificate\":\"\",\"method\":\"RADIUS\"");
  }

  @Test
  void givenAnotherRealm_whenDialled_thenItsPeopleAreIn() {
    machine().connectAs(people(), "carol@partners.example", "carol-secret");
  }

  @Test
  void givenAWrongPassword_whenDialled_thenThePersonIsToldWhy() {
    VpnClient alice = machine();
    alice.dialAs(people(), "alice", "not-the-password");
    VpnClient locked = machine();
    locked.dialAs(people(), "locked", "not-the-password");

    Office.await(
        "the refusals",
        () ->
            alice
                    .log()
                    .contains("AUTH_FAILED,The RADIUS server refuses this user name and password")
                && locked.log().contains("Your account is locked; call the help desk."));
    assertThat(alice.log()).doesNotContain("Initialization Sequence Completed");
  }

  @Test
  void givenAPersonWhoIsAskedForACode_whenAnswered_thenIn() {
    machine().connectAnswering(people(), "bob", BOB, "246810");

    assertThat(first.accepted("bob") + second.accepted("bob")).isEqualTo(1);
  }

  @Test
  void givenMsChapV2_whenDialled_thenInAndTheServerNeverHadThePassword() {
    password("MSCHAPv2");
    try {
      long before = first.accepted("alice") + second.accepted("alice");
      machine().connectAs(people(), "alice", PHRASE);
      assertThat(first.accepted("alice") + second.accepted("alice")).isEqualTo(before + 1);
    } finally {
      password("PAP");
    }
  }

  @Test
  void givenASessionTimeout_whenItIsOver_thenTheSessionEndsAndAFreshLoginIsMade() {
    VpnClient dave = machine().connectAs(people(), "dave", DAVE);
    assertThat(dave.tunnelAddress()).isEqualTo("172.31.202.77");
    long before = first.accepted("dave");

    Office.await(
        "the end of the session",
        () ->
            agentLog()
                .lines()
                .anyMatch(
                    line ->
                        line.contains("\"event\":\"ended\"")
                            && line.contains("\"user\":\"dave\"")
                            && line.contains("LOGIN_EXPIRED")));
    Office.await("the next login", () -> first.accepted("dave") > before);
  }

  @Test
  void givenTheFirstServerHangs_whenDialled_thenTheSecondIsAskedAndLaterTheFirstAgain() {
    first.pause();
    try {
      Office.await("the first server to be given up", () -> first.isGivenUp(agentLog()));
      long before = second.accepted("alice");
      machine().connectAs(people(), "alice", PHRASE);
      assertThat(second.accepted("alice")).isEqualTo(before + 1);
    } finally {
      first.resume();
    }
    Office.await("the first server to be known again", () -> !first.isGivenUp(agentLog()));
    long before = first.accepted("alice");
    machine().connectAs(people(), "alice", PHRASE);
    assertThat(first.accepted("alice")).isEqualTo(before + 1);
  }

  @Test
  void givenServersThatComeAndGo_whenNoneAnswers_thenWhoIsInStaysAndOthersComeInByThemselves() {
    VpnClient alice = machine().connectAs(people(), "alice", PHRASE);
    VpnClient carol = machine();
    for (int turn = 0; turn < 2; turn++) {
      first.pause();
      second.pause();
      try {
        for (RadiusMachine server : List.of(first, second)) {
          Office.await("both to be given up", () -> server.isGivenUp(agentLog()));
        }
        carol.dialAs(people(), "carol@partners.example", "carol-secret");
        Office.await(
            "carol to be told",
            () -> carol.log().contains("The RADIUS server does not answer. Try again later."));
        alice.run(
            "dig", "+short", "+time=3", "@10.245.0.10", "kubernetes.default.svc.cluster.local");
      } finally {
        second.resume();
        first.resume();
      }
      Office.await(
          "carol to be in, by herself",
          () -> carol.log().contains("Initialization Sequence Completed"));
      carol.hangUp();
      for (RadiusMachine server : List.of(first, second)) {
        Office.await("both to be known again", () -> !server.isGivenUp(agentLog()));
      }
    }
    assertThat(alice.log().split("Initialization Sequence Completed", -1)).hasSize(2);
  }

  @Test
  void givenAccounting_whenSessionsOfBothWaysComeAndGo_thenTheServerHasTheirStartsAndStops() {
    VpnClient alice = machine().connectAs(people(), "alice", PHRASE);
    VpnClient printer = machine().connect(installation.ovpn(NAMESPACE, "machine"));
    alice.run("dig", "+short", "+time=3", "@10.245.0.10", "kubernetes.default.svc.cluster.local");
    String address = alice.tunnelAddress();
    List<String> before = told("=Stop ", address);
    alice.hangUp();
    printer.hangUp();

    Office.await(
        "the stops",
        () ->
            told("=Stop ", address).size() > before.size()
                && !told("=Stop ", "by=Local").isEmpty());
    List<String> stops = new ArrayList<>(told("=Stop ", address));
    stops.removeAll(before);
    String stop = stops.getFirst();
    assertThat(stop)
        .contains("user=alice ", "nas=" + NAMESPACE + "/" + GATEWAY, "port=Virtual", "by=RADIUS")
        .contains("protocol=OpenVPN", "cause=User-Request")
        // "p2s-test", as the login's answer said
        .contains("class=0x7032732d74657374 ");
    assertThat(Long.parseLong(stop.replaceAll(".* in=([0-9]+)[+].*", "$1"))).isPositive();
    assertThat(told("=Start ", address)).anyMatch(line -> session(line).equals(session(stop)));
  }

  @Test
  void givenNobodyTakesAccounting_whenDialled_thenInAtOnceAndToldWhenTheyAreBack() {
    accountingPort(1899);
    VpnClient alice;
    try {
      alice = machine().connectAs(people(), "alice", PHRASE);
      Office.await("a notice", () -> agentLog().contains("no RADIUS server takes accounting"));
      alice.run("dig", "+short", "+time=3", "@10.245.0.10", "kubernetes.default.svc.cluster.local");
    } finally {
      accountingPort(1813);
    }
    String address = alice.tunnelAddress();
    Office.await(
        "the start, late",
        () -> told("=Start ", address).stream().anyMatch(line -> !line.endsWith("late=0")));
    alice.run("dig", "+short", "+time=3", "@10.245.0.10", "kubernetes.default.svc.cluster.local");
  }

  private static void accountingPort(int port) {
    List<String> servers =
        Stream.of(first, second)
            .map(
                server ->
                    "{\"address\":\"%s\",\"score\":%d,\"accountingPort\":%d,\"secretRef\":{\"name\":\"radius\",\"key\":\"shared\"}}"
                        .formatted(server.address(), server == first ? 20 : 10, port))
            .toList();
    patch("{\"spec\":{\"radius\":{\"servers\":" + servers + "}}}");
  }

  /** What either server was told of sessions in a line with all of these words. */
  private static List<String> told(String... words) {
    return Stream.of(first, second)
        .flatMap(server -> server.accounts().stream())
        .filter(line -> Stream.of(words).allMatch(line::contains))
        .toList();
  }

  private static String session(String line) {
    return line.replaceAll(".*( session=[0-9a-f]{16} ).*", "$1");
  }

  private static void password(String protocol) {
    patch("{\"spec\":{\"radius\":{\"passwordProtocol\":\"" + protocol + "\"}}}");
  }

  private static void patch(String json) {
    cluster.patchGateway(NAMESPACE, GATEWAY, json);
    installation.awaitProgrammed(NAMESPACE, GATEWAY);
  }

  private static String people() {
    String ovpn = installation.ovpn(NAMESPACE, "people");
    assertThat(ovpn).contains("\nauth-user-pass\n").doesNotContain("<cert>", "<key>");
    return ovpn;
  }

  private VpnClient machine() {
    VpnClient client = new VpnClient();
    clients.add(client);
    return client;
  }

  private static String agentLog() {
    return cluster.kubectl("-n", NAMESPACE, "logs", GATEWAY + "-0", "-c", "agent");
  }
}
