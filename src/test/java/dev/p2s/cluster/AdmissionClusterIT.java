package dev.p2s.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.pki.CertificateAuthority;
import dev.p2s.pki.KeyKind;
import dev.p2s.pki.Pem;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Who is let in, what they reach, and that "out" means that no packet passes. Time budget: 90 s
 * beside the installation.
 */
class AdmissionClusterIT {

  private static final String PARTNERS = "partners";

  private static Office office;

  private final SecureRandom random = new SecureRandom();
  private final CertificateAuthority partners = root();
  private final List<VpnClient> clients = new ArrayList<>();

  @BeforeAll
  static void anOffice() {
    office = Office.ready();
    office.profile("carol");
  }

  @AfterAll
  static void theOfficeIsAsItWas() {
    office.delete("carol");
  }

  @AfterEach
  void nothingIsLeft() {
    clients.forEach(VpnClient::close);
    office
        .cluster()
        .kubectl(
            "-n", Office.NAMESPACE, "delete", "rootcertificate", PARTNERS, "--ignore-not-found");
  }

  @Test
  void givenACertificateOfAnotherRoot_whenItsHolderDials_thenTheyAreNotLetIn() {
    VpnClient mallory = machine();
    mallory.dial(withCertificate(office.ovpn("carol"), person(root(), "mallory")));

    Office.await("the refusal", () -> mallory.log().contains("Connection reset"));
    assertThat(mallory.log()).doesNotContain("Initialization Sequence Completed");
    assertThat(office.sessions()).isEmpty();
  }

  @Test
  void givenTwoRoots_whenOneIsRemoved_thenItsSessionEndsAndTheOtherStays() {
    addPartners();
    String ovpn = withCertificate(office.ovpn("carol"), person(partners, "bob"));
    VpnClient bob = machine();
    // The root counts when the agent has it, which the first dial may be too early for.
    Office.await(
        "bob's tunnel",
        () -> {
          bob.hangUp();
          bob.dial(ovpn);
          Thread.sleep(Duration.ofSeconds(3));
          return bob.log().contains("Initialization Sequence Completed");
        });
    VpnClient carol = machine().connect(office.ovpn("carol"));
    Traffic bobs = Traffic.start(bob, office.echoAddress());
    Traffic carols = Traffic.start(carol, office.echoAddress());
    bobs.awaitReplies(5);
    carols.awaitReplies(5);

    office.cluster().kubectl("-n", Office.NAMESPACE, "delete", "rootcertificate", PARTNERS);

    bobs.awaitSilence();
    Office.await("bob to be told", () -> bob.log().contains("not issued by a root certificate"));
    carols.awaitReplies(10);
    assertThat(carols.longestGap()).isLessThan(2);
    assertThat(office.sessions()).hasSize(1);
    Office.await(
        "the event that counts the sessions",
        () ->
            office
                .cluster()
                .kubectl(
                    "-n",
                    Office.NAMESPACE,
                    "get",
                    "events",
                    "--field-selector",
                    "reason=RootRemoved",
                    "-o",
                    "jsonpath={.items[*].message}")
                .matches(".*" + PARTNERS + " .*: 1 session that came in by it ends.*"));
  }

  @Test
  void givenASession_whenItAsksForMoreThanTheRoutes_thenNothingComesBack() {
    VpnClient carol = machine().connect(office.ovpn("carol"));
    Traffic.start(carol, office.echoAddress()).awaitReplies(3);
    String outside = office.cluster().nodeAddress();
    assertThat(office.installation().gateway(Office.NAMESPACE, Office.GATEWAY).getStatus().routes())
        .noneMatch(route -> route.startsWith(outside));

    long before = sent(carol);
    // The node answers pings, and the gateway's pod can reach it: only the rules keep it away.
    assertThat(carol.exec("ping", "-c", "3", "-W", "1", "-I", "tun0", outside).getExitCode())
        .isNotZero();
    assertThat(sent(carol)).isGreaterThanOrEqualTo(before + 3);
  }

  @Test
  void givenTwoSessions_whenOneSendsFromTheOthersAddress_thenNothingComesBack() {
    VpnClient carol = machine().connect(office.ovpn("carol"));
    VpnClient alice = machine().connect(office.ovpn("alice"));
    String theirs = alice.tunnelAddress();
    carol.run("ip", "address", "add", theirs + "/32", "dev", "tun0");

    assertThat(
            carol
                .exec("ping", "-c", "3", "-W", "1", "-I", theirs, office.echoAddress())
                .getExitCode())
        .isNotZero();
    assertThat(alice.exec("ping", "-c", "3", "-W", "1", office.echoAddress()).getExitCode())
        .isZero();
  }

  /** Packets that have gone into a client's tunnel. */
  private static long sent(VpnClient client) {
    return Long.parseLong(client.run("cat", "/sys/class/net/tun0/statistics/tx_packets").strip());
  }

  private VpnClient machine() {
    VpnClient client = new VpnClient();
    clients.add(client);
    return client;
  }

  private void addPartners() {
    office
        .cluster()
        .client()
        .resource(
            """
            apiVersion: p2s.dev/v1alpha1
            kind: RootCertificate
            metadata: {name: %s, namespace: vpn}
            spec:
              gatewayRef: {name: office}
              publicCertData: |
            %s
            """
                .formatted(PARTNERS, Pem.certificate(partners.certificate()).indent(4)))
        .serverSideApply();
  }

  /** Somebody's package with another certificate and key in it. */
  private static String withCertificate(String ovpn, CertificateAuthority.Leaf leaf) {
    return ovpn.replaceFirst(
            "(?s)<cert>.*</cert>", "<cert>\n" + Pem.certificate(leaf.certificate()) + "</cert>")
        .replaceFirst("(?s)<key>.*</key>", "<key>\n" + Pem.key(leaf.key()) + "</key>");
  }

  private CertificateAuthority root() {
    return CertificateAuthority.selfSigned(
        "P2SRootCert", KeyKind.RSA_2048, Duration.ofDays(2), Instant.now(), random);
  }

  private CertificateAuthority.Leaf person(CertificateAuthority root, String name) {
    return root.issueClient(name, KeyKind.RSA_2048, Duration.ofDays(1), Instant.now(), random);
  }
}
