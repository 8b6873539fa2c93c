package dev.p2s.agent.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.p2s.catalog.IkePolicy;
import dev.p2s.catalog.IpsecPolicy;
import dev.p2s.cluster.Endurance;
import dev.p2s.dataplane.AgentReport;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.GatewayState.Revocation;
import dev.p2s.dataplane.States;
import dev.p2s.dataplane.ikev2.Proposals;
import dev.p2s.pki.CertificateAuthority;
import dev.p2s.pki.KeyKind;
import dev.p2s.pki.Pem;
import dev.p2s.pki.Thumbprint;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** IKEv2 as it runs in a pod, with a stock client, in network namespaces of this machine. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Ikev2NamespaceIT {

  private static final String IKE = "aes256-sha256-prfsha256-modp2048";
  private static final String ESP = "aes256-sha256";

  private final SecureRandom random = new SecureRandom();
  private final CertificateAuthority office = root("CN-Office");
  private final CertificateAuthority partners = root("CN-Partners");
  private final CertificateAuthority.Leaf alice = person(office, "alice");

  private GatewayPod pod;
  private RoadWarrior first;

  @BeforeAll
  void startPod(@TempDir(cleanup = CleanupMode.NEVER) Path directory) throws IOException {
    Machine machine = new Machine(directory);
    try {
      pod = new GatewayPod(directory, machine);
      StrongSwan strongSwan = StrongSwan.unpackedIn(directory);
      pod.startCharon(strongSwan);
      first = new RoadWarrior(pod, strongSwan, directory, "rw1", 71);
    } catch (IOException | RuntimeException e) {
      machine.close();
      throw e;
    }
  }

  @BeforeEach
  void emptyGateway() throws Exception {
    first.hangUp();
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
    first.dial(alice, "pubkey", IKE, ESP);

    AgentReport.Session session = onlySession();
    assertThat(session.user()).isEqualTo("alice");
    assertThat(session.protocol()).isEqualTo("IKEv2");
    assertThat(session.certificateSha256()).isEqualTo(Thumbprint.sha256(alice.certificate()).hex());
    assertThat(session.clientAddress()).startsWith("192.168.71.2:");
    assertThat(first.ask(GatewayPod.ADVERTISED)).startsWith("10.96.0.1 ");
    assertThat(first.ask(GatewayPod.HIDDEN)).isEmpty();

    first.hangUp();
    pod.awaitReport(report -> report.sessions().isEmpty());
  }

  @Test
  void givenAForcedTunnel_whenAClientConnects_thenEverythingGoesThroughIt() throws Exception {
    pod.program(
        described(10, List.of(), office.certificate()).routes("0.0.0.0/0").forced().build());

    assertThat(first.dialForEverything(alice, IKE, ESP)).contains("initiate completed");

    assertThat(onlySession().tunnelAddress()).startsWith("10.8.0.");
    assertThat(first.ask(GatewayPod.ADVERTISED)).startsWith("10.96.0.1 ");
    assertThat(first.ask(GatewayPod.HIDDEN)).startsWith("10.97.0.1 ");
    assertThat(first.ask(GatewayPod.NODE)).isEmpty();
    // it has an IPv6 address, so that its IPv6 takes the tunnel, where it ends
    assertThat(first.list()).contains("fd70:3273:6e6f:7636:", "0.0.0.0/0 ::/0");
  }

  @Test
  void givenAnIpv6Pool_whenAClientConnects_thenItReachesTheIpv6RoutesToo() throws Exception {
    pod.program(
        described(10, List.of(), office.certificate())
            .pools("10.8.0.0/24", "fd50:1::/120")
            .routes("10.96.0.0/24", "fd96::/64")
            .build());

    assertThat(first.dialForEverything(alice, IKE, ESP)).contains("initiate completed");

    assertThat(onlySession().tunnelIpv6Address()).startsWith("fd50:1::");
    assertThat(first.ask(GatewayPod.ADVERTISED)).startsWith("10.96.0.1 ");
    assertThat(first.ask(GatewayPod.ADVERTISED_IPV6)).startsWith("fd96:0:0:0:0:0:0:1 ");
    assertThat(first.ask(GatewayPod.HIDDEN_IPV6)).isEmpty();
  }

  @Test
  void givenAClientThatSaysItsMailAddress_whenItConnects_thenItIsWhomTheCertificateNames()
      throws Exception {
    CertificateAuthority.Leaf bob = person(office, "bob@example.com");

    assertThat(first.dial(bob, "pubkey\n          id = bob@example.com", IKE, ESP))
        .contains("initiate completed successfully");

    assertThat(onlySession().user()).isEqualTo("bob@example.com");
  }

  @Test
  void givenARootThatDoesNotSignItself_whenItsClientsDial_thenTheyAreInAndCanBeRevoked()
      throws Exception {
    X509Certificate issuing =
        partners.issueStandIn(office.certificate(), Duration.ofDays(1), Instant.now());
    for (String method : List.of("pubkey", "eap-tls")) {
      pod.program(state(10, List.of(), issuing));
      assertThat(first.dial(alice, method, IKE, ESP)).contains("initiate completed successfully");
      assertThat(onlySession().user()).isEqualTo("alice");

      pod.program(
          state(
              10,
              List.of(new Revocation("lost", Thumbprint.sha1(alice.certificate()).hex())),
              issuing));
      pod.awaitReport(report -> report.sessions().isEmpty());
      assertThat(first.dial(alice, method, IKE, ESP))
          .contains("establishing CHILD_SA 'net' failed");
    }
  }

  @Test
  void givenEapTls_whenAClientConnects_thenItIsTheSamePerson() throws Exception {
    first.dial(alice, "eap-tls", IKE, ESP);

    AgentReport.Session session = onlySession();
    assertThat(session.user()).isEqualTo("alice");
    assertThat(session.certificateSha256()).isEqualTo(Thumbprint.sha256(alice.certificate()).hex());
    assertThat(first.ask(GatewayPod.ADVERTISED)).startsWith("10.96.0.1 ");
  }

  @Test
  void givenARevokedCertificate_whenItsHolderDials_thenTheHandshakeIsRefusedUntilItIsLifted()
      throws Exception {
    List<Revocation> revoked =
        List.of(new Revocation("lost", Thumbprint.sha1(alice.certificate()).hex()));
    for (String method : List.of("pubkey", "eap-tls")) {
      pod.program(state(10, revoked, office, partners));

      assertThat(first.dial(alice, method, IKE, ESP))
          .contains("establishing CHILD_SA 'net' failed");
      assertThat(pod.report().sessions()).isEmpty();

      pod.program(state(10, List.of(), office, partners));
      assertThat(first.dial(alice, method, IKE, ESP)).contains("initiate completed successfully");
      first.hangUp();
    }
  }

  @ParameterizedTest
  @MethodSource("ikeRows")
  void givenARowOfTheSeed_whenAClientOffersItAlone_thenItIsNegotiated(String proposal)
      throws Exception {
    assertThat(first.dial(alice, "pubkey", proposal, ESP))
        .contains("initiate completed successfully");
  }

  @ParameterizedTest
  @MethodSource("espRows")
  void givenARowOfTheSeed_whenATunnelIsRenewed_thenItsGroupIsUsed(String proposal)
      throws Exception {
    assertThat(first.dial(alice, "pubkey", IKE, proposal))
        .contains("initiate completed successfully");

    first.rekey();

    String group =
        proposal.contains("ecp384")
            ? "ECP_384"
            : proposal.contains("ecp256")
                ? "ECP_256"
                : proposal.contains("modp2048s256")
                    ? "MODP_2048_256"
                    : proposal.contains("modp2048") ? "MODP_2048" : "";
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                first
                    .list()
                    .lines()
                    .anyMatch(
                        line ->
                            line.contains("net: #")
                                && !line.contains("net: #1,")
                                && line.contains("INSTALLED")
                                && line.endsWith(group)));
    assertThat(first.ask(GatewayPod.ADVERTISED)).startsWith("10.96.0.1 ");
  }

  @Test
  @Tag(Endurance.TAG)
  void givenShortLives_whenBothSasAreRenewedUnderTraffic_thenNothingIsLostForTwoSeconds()
      throws Exception {
    assertThat(
            first.dial(
                alice,
                "pubkey",
                // time enough before either ends for want of a renewal
                IKE + "\n    rekey_time = 6s\n    over_time = 60s\n    rand_time = 1s",
                ESP + "\n        rekey_time = 4s\n        life_time = 60s\n        rand_time = 1s"))
        .contains("initiate completed successfully");
    AgentReport.Session session = onlySession();

    double gap = first.longestGap(GatewayPod.ADVERTISED, Endurance.rekeys());

    String seen = "%.3f s without an answer\n%s".formatted(gap, first.list());
    System.out.println("IKEv2 rekey soak: " + seen);
    assertThat(gap).as(seen).isLessThan(2);
    // the first of each bears number 1, and each renewal the next
    assertThat(number(first.list(), "gateway: #")).as(seen).isGreaterThan(3);
    assertThat(number(first.list(), "net: #")).as(seen).isGreaterThan(4);
    assertThat(onlySession().id()).as("the same session").isEqualTo(session.id());
    assertThat(onlySession().since()).isEqualTo(session.since());
  }

  /** The highest number that swanctl lists an SA by. */
  private static int number(String list, String mark) {
    return Pattern.compile(Pattern.quote(mark) + "(\\d+)")
        .matcher(list)
        .results()
        .mapToInt(found -> Integer.parseInt(found.group(1)))
        .max()
        .orElse(0);
  }

  @Test
  void givenProposalsOffTheList_whenAClientOffersThem_thenTheyAreRefused() throws Exception {
    assertThat(first.dial(alice, "pubkey", "aes128-sha256-prfsha256-modp2048", ESP))
        .contains("NO_PROPOSAL_CHOSEN");
    assertThat(first.dial(alice, "pubkey", IKE, "aes128-sha256")).contains("NO_PROPOSAL_CHOSEN");
    assertThat(pod.report().sessions()).isEmpty();
  }

  static List<String> ikeRows() {
    return Proposals.ike(IkePolicy.all());
  }

  static List<String> espRows() {
    return Proposals.esp(IpsecPolicy.all());
  }

  private AgentReport.Session onlySession() {
    return pod.awaitReport(report -> report.sessions().size() == 1).sessions().getFirst();
  }

  private GatewayState state(int limit, List<Revocation> revoked, CertificateAuthority... roots) {
    return state(
        limit,
        revoked,
        Stream.of(roots).map(CertificateAuthority::certificate).toArray(X509Certificate[]::new));
  }

  private GatewayState state(int limit, List<Revocation> revoked, X509Certificate... roots) {
    return described(limit, revoked, roots).build();
  }

  private States described(int limit, List<Revocation> revoked, X509Certificate... roots) {
    return States.gateway()
        .generation(pod.nextGeneration())
        .pools("10.8.0.0/24")
        .routes("10.96.0.0/24")
        .limit(limit)
        .revoked(revoked)
        .roots(
            Stream.of(roots)
                .map(
                    root ->
                        new GatewayState.TrustedRoot(
                            "root", Thumbprint.sha256(root).hex(), Pem.certificate(root)))
                .toArray(GatewayState.TrustedRoot[]::new))
        .ikev2(new GatewayState.Ikev2(IkePolicy.all(), IpsecPolicy.all(), 27000, 33553408));
  }

  private CertificateAuthority root(String commonName) {
    return CertificateAuthority.selfSigned(
        commonName, KeyKind.EC_P256, Duration.ofDays(2), Instant.now(), random);
  }

  private CertificateAuthority.Leaf person(CertificateAuthority root, String name) {
    return root.issueClient(name, KeyKind.EC_P256, Duration.ofDays(1), Instant.now(), random);
  }
}
