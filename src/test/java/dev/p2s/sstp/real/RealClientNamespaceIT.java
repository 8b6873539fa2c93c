package dev.p2s.sstp.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.p2s.clientprofile.formats.PackageLogin.IssuedPair;
import dev.p2s.clientprofile.formats.SstpPackages;
import dev.p2s.pki.CertificateAuthority;
import dev.p2s.pki.Pem;
import dev.p2s.sstp.server.LoopbackEndpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Debian's sstpc and pppd against the endpoint, configured by the generated package alone: the
 * client that nobody here has written.
 */
class RealClientNamespaceIT {

  // what the package's README says; the job's files are the package
  private static final String DIAL =
      """
      mkdir -p /etc/p2s && cp -r /job/Linux /etc/p2s/office-sstp
      chown -R root: /etc/p2s/office-sstp && chmod -R go= /etc/p2s/office-sstp && chmod u+x /etc/p2s/office-sstp/routes
      ln -s /etc/p2s/office-sstp/office /etc/ppp/peers/office
      # here is no syslog
      printf '#!/bin/sh\\nexec /usr/sbin/sstpc --log-level 4 --log-stderr "$@"\\n' > /usr/local/sbin/sstpc
      chmod 755 /usr/local/sbin/sstpc
      pppd call office nodetach debug logfile /tmp/pppd.log &
      """;

  private static final String WAIT =
      """
      for i in $(seq 200); do
        { %s; } && break
        kill -0 $! || break
        sleep 0.5
      done
      """;
  private static final String IN = "ip route show dev ppp0 2>/dev/null | grep -q 192.0.2.0/24";
  private static final String IN_TWICE =
      "[ $(grep -c 'local  IP address' /tmp/pppd.log) = 2 ] && " + IN;
  private static final String REFUSED = "grep -q 'Connection terminated' /tmp/pppd.log";

  // what shows that it works
  private static final String LOOK_AROUND =
      """
      ip -color=never address show ppp0
      ip -color=never route
      cat /etc/ppp/resolv.conf
      if [ -e /sys/class/net/ppp0 ]; then
        ping -c 3 -i 0.3 -W 10 192.0.2.7
        ping -c 2 -i 0.3 -W 10 -s 1342 -M do 192.0.2.7
      fi
      kill $!
      wait $!
      cat /tmp/pppd.log
      """;

  private final ExecutorService machine = Executors.newVirtualThreadPerTaskExecutor();
  @TempDir private Path directory;
  private LoopbackEndpoint endpoint;

  @BeforeEach
  void start() throws Exception {
    endpoint = new LoopbackEndpoint();
  }

  @AfterEach
  void stop() {
    endpoint.close();
    machine.shutdownNow();
  }

  @Test
  void givenAPackageForPasswords_whenSstpcCalls_thenItPingsThroughTheTunnel() throws Exception {
    String said = call(IN, Optional.empty(), LoopbackEndpoint.NAME, "wonderland");

    assertThat(said)
        .contains("inet 172.16.0.2")
        .contains("192.0.2.0/24 dev ppp0")
        .contains("nameserver 10.96.0.53");
    assertThat(said).contains("3 packets transmitted, 3 received");
    assertThat(said).contains("2 packets transmitted, 2 received");
  }

  @Test
  void givenSstpcThatIsConnected_whenTheGatewayLetsItGo_thenItDialsAgainByItself()
      throws Exception {
    Future<String> said =
        machine.submit(
            () ->
                call(
                    IN_TWICE,
                    Optional.of(endpoint.client("carol", true)),
                    LoopbackEndpoint.NAME,
                    ""));
    await("sstpc's first tunnel")
        .atMost(Duration.ofMinutes(2))
        .until(() -> endpoint.connected() == 1);

    endpoint.hangUp();

    assertThat(said.get())
        .contains("This gateway ends the connection. Dial again.")
        .contains("inet 172.16.0.3", "192.0.2.0/24 dev ppp0", "3 packets transmitted, 3 received");
  }

  @Test
  void givenSstpc_whenItsPasswordIsWrong_thenItIsToldSo() throws Exception {
    String said = call(REFUSED, Optional.empty(), LoopbackEndpoint.NAME, "wrong");

    assertThat(said).contains("E=691").doesNotContain("inet 172.16");
  }

  @Test
  void givenAPackageWithACertificate_whenSstpcCalls_thenItPingsThroughTheTunnel() throws Exception {
    String said = call(IN, Optional.of(endpoint.client("carol", true)), LoopbackEndpoint.NAME, "");

    assertThat(said).contains("inet 172.16.0.2").contains("192.0.2.0/24 dev ppp0");
    assertThat(said).contains("3 packets transmitted, 3 received");
    assertThat(endpoint.shown())
        .singleElement()
        .satisfies(
            login -> {
              assertThat(login.chain()).hasSize(2);
              assertThat(login.chain().getFirst().getSubjectX500Principal().getName())
                  .contains("carol");
            });
  }

  @Test
  void givenSstpc_whenItsCertificateIsOfAnotherRootOfThatName_thenItIsRefused() throws Exception {
    String said =
        call(REFUSED, Optional.of(endpoint.client("carol", false)), LoopbackEndpoint.NAME, "");

    assertThat(said).contains("EAP").doesNotContain("inet 172.16");
    assertThat(endpoint.shown()).isEmpty();
  }

  @Test
  void givenAServerOfTheSameAuthorityWithAnotherName_whenSstpcCalls_thenPppdHangsUp()
      throws Exception {
    String said =
        call(REFUSED, Optional.of(endpoint.client("carol", true)), "other.default.p2s", "");

    assertThat(said)
        .contains("Certificate verification error: CN (other.default.p2s)")
        .doesNotContain("inet 172.16");
    assertThat(endpoint.shown()).isEmpty();
  }

  /**
   * @param until what is waited for before it looks around
   * @param certificate the person's; empty for a password
   * @param serverName that the package expects
   */
  private String call(
      String until,
      Optional<CertificateAuthority.Leaf> certificate,
      String serverName,
      String password)
      throws IOException, InterruptedException {
    Map<String, String> files = new HashMap<>();
    SstpPackages.at(
            "10.0.2.2",
            endpoint.port(),
            serverName,
            Pem.parseCertificate(endpoint.authority()),
            certificate.map(
                leaf -> new IssuedPair(Pem.certificate(leaf.certificate()), Pem.key(leaf.key()))),
            "192.0.2.0/24")
        .files()
        .forEach(
            (path, bytes) -> {
              if (path.startsWith("Linux/")) {
                files.put(path, new String(bytes, StandardCharsets.UTF_8));
              }
            });
    // the only two places that a person fills in
    files.computeIfPresent(
        "Linux/office",
        (path, text) -> text.replace("$USERNAME", "alice").replace("$PASSWORD", password));
    return SstpcMachine.run(directory, files, DIAL + WAIT.formatted(until) + LOOK_AROUND);
  }
}
