package dev.p2s.sstp.real;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.pki.CertificateAuthority;
import dev.p2s.pki.Pem;
import dev.p2s.sstp.server.LoopbackEndpoint;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Debian's sstpc and pppd against the endpoint: the client that nobody here has written. */
class RealClientNamespaceIT {

  // What a peers file says: sstpc is pppd's line, and its plugin hands over the keys.
  private static final String CALL =
      """
      echo "10.0.2.2 gw.default.p2s" >> /etc/hosts
      cat > /tmp/options <<END
      pty "sstpc --ipparam p2s --nolaunchpppd --log-level 4 --log-stderr --ca-cert /job/ca.pem \
      gw.default.p2s:$PORT"
      plugin sstp-pppd-plugin.so
      sstp-sock /var/run/sstpc/sstpc-p2s
      ipparam p2s
      usepeerdns
      noauth
      noipdefault
      nodetach
      debug
      END
      cat /job/login >> /tmp/options
      pppd file /tmp/options logfile /tmp/pppd.log &
      for i in $(seq 120); do
        ip -4 address show ppp0 2>/dev/null | grep -q inet && break
        kill -0 $! || break
        sleep 0.5
      done
      sleep 1
      ip -color=never address show ppp0
      cat /etc/ppp/resolv.conf
      ping -c 3 -i 0.3 -W 10 -I ppp0 192.0.2.7
      ping -c 2 -i 0.3 -W 10 -s 1342 -M do -I ppp0 192.0.2.7
      kill $!
      wait $!
      cat /tmp/pppd.log
      """;

  private static final String CERTIFICATE =
      """
      name carol
      need-peer-eap
      ca /job/ca.pem
      cert /job/client.pem
      key /job/client.key
      """;

  @TempDir private Path directory;
  private LoopbackEndpoint endpoint;

  @BeforeEach
  void start() throws Exception {
    endpoint = new LoopbackEndpoint();
  }

  @AfterEach
  void stop() {
    endpoint.close();
  }

  @Test
  void givenSstpc_whenItCallsByMsChapV2_thenItHasItsAddressAndPingsThroughTheTunnel()
      throws Exception {
    String said = call(Map.of(), password("wonderland"));

    assertThat(said).contains("inet 172.16.0.2").contains("nameserver 10.96.0.53");
    assertThat(said).contains("3 packets transmitted, 3 received");
    assertThat(said).contains("2 packets transmitted, 2 received");
  }

  @Test
  void givenSstpc_whenItsPasswordIsWrong_thenItIsToldSo() throws Exception {
    String said = call(Map.of(), password("wrong"));

    assertThat(said).contains("E=691").doesNotContain("inet 172.16");
  }

  @Test
  void givenSstpc_whenItCallsByItsCertificate_thenItPingsThroughTheTunnel() throws Exception {
    String said = call(certificate(endpoint.client("carol", true)), CERTIFICATE);

    assertThat(said).contains("inet 172.16.0.2");
    assertThat(said).contains("3 packets transmitted, 3 received");
    assertThat(endpoint.shown())
        .singleElement()
        .satisfies(
            login -> {
              assertThat(login.user()).isEqualTo("carol");
              assertThat(login.chain()).hasSize(2);
              assertThat(login.chain().getFirst().getSubjectX500Principal().getName())
                  .contains("carol");
            });
  }

  @Test
  void givenSstpc_whenItsCertificateIsOfAnotherRootOfThatName_thenItIsRefused() throws Exception {
    String said = call(certificate(endpoint.client("carol", false)), CERTIFICATE);

    assertThat(said).contains("EAP").doesNotContain("inet 172.16");
    assertThat(endpoint.shown()).isEmpty();
  }

  private static Map<String, String> certificate(CertificateAuthority.Leaf leaf) {
    return Map.of(
        "client.pem", Pem.certificate(leaf.certificate()), "client.key", Pem.key(leaf.key()));
  }

  private String call(Map<String, String> files, String login) throws Exception {
    Map<String, String> all = new HashMap<>(files);
    all.put("ca.pem", endpoint.authority());
    all.put("login", login);
    return SstpcMachine.run(directory, all, "PORT=" + endpoint.port() + "\n" + CALL);
  }

  private static String password(String password) {
    return "name alice\npassword " + password + "\nrefuse-eap\nrefuse-pap\n";
  }
}
