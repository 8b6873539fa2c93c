package dev.p2s.agent.pod;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a stock OpenVPN client sends into the tunnel and what it reaches at its end: forced tunnels
 * and IPv6, in network namespaces of this machine.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReachNamespaceIT {

  private static final String METADATA = "169.254.169.254";

  private final SecureRandom random = new SecureRandom();
  private final CertificateAuthority office =
      CertificateAuthority.selfSigned(
          "CN-Office", KeyKind.EC_P256, Duration.ofDays(2), Instant.now(), random);
  private final CertificateAuthority.Leaf alice =
      office.issueClient("alice", KeyKind.EC_P256, Duration.ofDays(1), Instant.now(), random);

  private GatewayPod pod;
  private Laptop first;

  @BeforeAll
  void startPod(@TempDir(cleanup = CleanupMode.NEVER) Path directory) throws IOException {
    Machine machine = new Machine(directory);
    try {
      pod = new GatewayPod(directory, machine);
      first = new Laptop(pod, directory, "first", 71);
    } catch (IOException | RuntimeException e) {
      machine.close();
      throw e;
    }
  }

  @BeforeEach
  void hangUp() throws Exception {
    first.hangUp();
  }

  @AfterAll
  void stopPod() {
    if (pod != null) {
      pod.close();
    }
  }

  @Test
  void givenAForcedTunnel_whenAClientConnects_thenEverythingGoesThroughItButWhatStaysClosed()
      throws Exception {
    pod.program(described(List.of()).routes("0.0.0.0/0").forced().build());
    first.connect(alice);

    assertThat(first.ask(GatewayPod.ADVERTISED)).startsWith("10.96.0.1 ");
    assertThat(first.ask(GatewayPod.HIDDEN)).startsWith("10.97.0.1 ");
    for (String elsewhere : List.of("192.0.2.7", "2001:db8::7", "fd12::7")) {
      assertThat(first.wayTo(elsewhere)).contains("dev tun0");
    }
    // a service on the metadata's address answers the pod, and no session
    pod.bindService(METADATA + "/32");
    assertThat(first.wayTo(METADATA)).contains("dev tun0");
    assertThat(first.ask(METADATA)).isEmpty();
    assertThat(first.ask(GatewayPod.NODE)).isEmpty();
    // told at once that there is no IPv6, by the client's own openvpn
    assertThat(first.ping("2001:db8::7")).contains("Destination unreachable");

    pod.program(described(List.of()).routes("10.96.0.0/24", METADATA).forced().build());

    assertThat(first.ask(METADATA)).isNotEmpty();
    assertThat(first.ask(GatewayPod.HIDDEN)).isEmpty();
  }

  @Test
  void givenAnIpv6Pool_whenAClientConnects_thenItsIpv6IsGrantedAndRevokedAsItsIpv4Is()
      throws Exception {
    pod.program(dualStack(List.of()).build());
    first.connect(alice);

    AgentReport.Session session = onlySession();
    assertThat(session.tunnelIpv6Address())
        .isEqualTo("fd50:1::" + Integer.toHexString(lastOctet(session.tunnelAddress())));
    assertThat(first.ask(GatewayPod.ADVERTISED)).startsWith("10.96.0.1 ");
    // as whom the service sees them: the pod, since it masquerades
    assertThat(first.ask(GatewayPod.ADVERTISED_IPV6)).startsWith("fd96:0:0:0:0:0:0:1 ");
    pod.machine.require(
        "ip", "-n", Machine.named("first"), "route", "add", "fd97::/64", "dev", "tun0");
    assertThat(first.ask(GatewayPod.HIDDEN_IPV6)).isEmpty();
    assertThat(first.segmentTo(GatewayPod.ADVERTISED_IPV6)).isLessThanOrEqualTo(1500 - 60);

    pod.killAgent();
    pod.killNetd();
    pod.startNetd();
    pod.startAgent();
    pod.program(dualStack(List.of()).limit(9).build());
    assertThat(first.ask(GatewayPod.ADVERTISED_IPV6)).isNotEmpty();

    pod.program(
        dualStack(List.of(new Revocation("lost", Thumbprint.sha1(alice.certificate()).hex())))
            .build());
    assertThat(first.ask(GatewayPod.ADVERTISED_IPV6)).isEmpty();
    first.awaitLog("AUTH_FAILED,Your certificate has been revoked");
  }

  private States dualStack(List<Revocation> revoked) {
    return described(revoked)
        .pools("10.8.0.0/24", "fd50:1::/120")
        .routes("10.96.0.0/24", "fd96::/64");
  }

  private static int lastOctet(String address) {
    return Integer.parseInt(address.substring(address.lastIndexOf('.') + 1));
  }

  private AgentReport.Session onlySession() {
    return pod.awaitReport(report -> report.sessions().size() == 1).sessions().getFirst();
  }

  private States described(List<Revocation> revoked) {
    return States.gateway()
        .generation(pod.nextGeneration())
        .routes("10.96.0.0/24")
        .dns(new GatewayState.Dns(List.of(), List.of()))
        .roots(
            new GatewayState.TrustedRoot(
                "root",
                Thumbprint.sha256(office.certificate()).hex(),
                Pem.certificate(office.certificate())))
        .revoked(revoked)
        .openVpn(
            new GatewayState.OpenVpn(
                2, "1.2", List.of(), List.of("AES-256-GCM", "AES-128-GCM"), 10, 60, 1500));
  }
}
