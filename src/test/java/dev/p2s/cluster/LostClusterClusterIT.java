package dev.p2s.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.api.v1alpha1.ClientProfile;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A cluster is lost; another gets the same objects and the Secrets that docs/operations.md tells to
 * back up. Packages name the gateway's {@code fqdn}, so that a change of its DNS record (here the
 * machines' hosts file) is all that anybody notices: no package is changed. Time budget: 4 min, two
 * clusters with an installation each.
 */
class LostClusterClusterIT {

  private static final String VPN = "vpn";
  private static final String FQDN = "vpn.corp.example";
  private static final Duration REDIAL = Duration.ofMinutes(3);

  private static final String OBJECTS =
      """
      apiVersion: p2s.dev/v1alpha1
      kind: P2SGateway
      metadata: {name: office, namespace: vpn}
      spec:
        fqdn: vpn.corp.example
        clientAddressPools: [172.31.200.0/24]
        exposure: {type: HostPort}
      ---
      apiVersion: p2s.dev/v1alpha1
      kind: RootCertificate
      metadata: {name: office-root, namespace: vpn}
      spec:
        gatewayRef: {name: office}
        selfSigned: {commonName: Office VPN root}
      """;

  private static final Set<String> SECRETS =
      Set.of(
          "office-server-ca",
          "office-tls-auth",
          "office-root-key",
          "office-root-issued",
          "alice-vpn",
          "carol-vpn");

  /** What was handed out before the loss, by person. */
  private static final Map<String, String> HANDED_OUT = new LinkedHashMap<>();

  private static TestCluster again;
  private static Installation installation;
  private static VpnClient alice;

  @BeforeAll
  static void aClusterIsLostAndAnotherGetsWhatWasBackedUp() {
    again = TestCluster.start("again", false); // beside the other: its node has another address
    Backup backup;
    try (TestCluster lost = TestCluster.start("lost", false)) {
      backup = lifeBefore(lost);
    }
    installation = installed(again);
    backup.without(ClientProfile.class, "dave").restore(again.client());
    installation.awaitReady(VPN, "office");
    pointAt(alice, again);
  }

  private static Backup lifeBefore(TestCluster lost) {
    Installation before = installed(lost);
    before.applyText(OBJECTS);
    before.awaitReady(VPN, "office");
    for (String person : Set.of("alice", "bob", "carol", "dave")) {
      before.applyText(profile(person));
    }
    for (String person : Set.of("alice", "bob", "carol", "dave")) {
      HANDED_OUT.put(person, before.ovpn(VPN, person));
      assertThat(HANDED_OUT.get(person)).contains("remote " + FQDN + " 443");
    }
    alice = new VpnClient();
    pointAt(alice, lost);
    alice.connect(HANDED_OUT.get("alice"));
    // bob and carol are out before the loss: the one for good, the other until it is lifted
    lost.kubectl("delete", "clientprofile", "bob", "-n", VPN);
    lost.kubectl(
        "patch",
        "clientprofile",
        "carol",
        "-n",
        VPN,
        "--type=merge",
        "-p",
        "{\"spec\":{\"suspended\":true}}");
    before.await(
        "carol suspended",
        VPN,
        () -> !Installation.holds(before.profile(VPN, "carol").getStatus().conditions(), "Ready"));
    return Backup.of(lost.client(), VPN, SECRETS);
  }

  @AfterAll
  static void end() {
    if (alice != null) {
      alice.close();
    }
    if (again != null) {
      again.close();
    }
  }

  @Test
  void
      givenAPersonWhoWasConnected_whenTheNameLeadsToTheNewCluster_thenTheClientComesBackByItself() {
    Awaitility.await("alice's second tunnel")
        .atMost(REDIAL)
        .untilAsserted(
            () ->
                assertThat(alice.log().split("Initialization Sequence Completed", -1))
                    .as(alice.log())
                    .hasSizeGreaterThan(2));
    again.kubectl("rollout", "status", "deployment/echo", "-n", VPN, "--timeout=60s");
    assertThat(alice.run("curl", "-sS", "-m", "10", "http://echo.vpn.svc.cluster.local"))
        .startsWith("pod=echo");
  }

  @Test
  void givenARestoredProfile_whenItsPackageIsMadeAnew_thenItIsTheOneThatWasHandedOut() {
    assertThat(installation.ovpn(VPN, "alice")).isEqualTo(HANDED_OUT.get("alice"));
  }

  @Test
  void givenAProfileThatWasForgotten_whenItsPersonDials_thenItsAbsenceRevokesNothing() {
    assertThat(installation.profile(VPN, "dave")).isNull();
    try (VpnClient dave = new VpnClient()) {
      pointAt(dave, again);
      dave.connect(HANDED_OUT.get("dave"));
      assertThat(dave.tunnelAddress()).startsWith("172.31.200.");
    }
  }

  @Test
  void givenAProfileDeletedBeforeTheLoss_whenItsPersonDials_thenTheyAreStillRefused() {
    refused("bob");
  }

  @Test
  void givenAProfileSuspendedBeforeTheLoss_whenItsPersonDials_thenTheyAreStillRefused() {
    refused("carol");
  }

  private static void refused(String person) {
    try (VpnClient client = new VpnClient()) {
      pointAt(client, again);
      client.dial(HANDED_OUT.get(person));
      Office.await("the refusal of " + person, () -> client.log().contains("has been revoked"));
      assertThat(client.log()).doesNotContain("Initialization Sequence Completed");
    }
  }

  private static Installation installed(TestCluster cluster) {
    Installation installation = new Installation(cluster).install();
    cluster.namespace(VPN, "privileged");
    installation.apply("samples/workload.yaml");
    return installation;
  }

  private static String profile(String person) {
    return """
    apiVersion: p2s.dev/v1alpha1
    kind: ClientProfile
    metadata: {name: %1$s, namespace: vpn}
    spec:
      gatewayRef: {name: office}
      user: %1$s@example.com
    """
        .formatted(person);
  }

  /** What a change of the name's record does. */
  private static void pointAt(VpnClient machine, TestCluster cluster) {
    machine.run(
        "sh",
        "-c",
        "sed '/"
            + FQDN
            + "/d' /etc/hosts > /tmp/hosts && echo '"
            + cluster.nodeAddress()
            + " "
            + FQDN
            + "' >> /tmp/hosts && cat /tmp/hosts > /etc/hosts");
  }
}
