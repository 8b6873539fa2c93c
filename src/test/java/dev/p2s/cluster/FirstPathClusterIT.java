package dev.p2s.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The first path: a real client, configured by nothing but its package, reaches a Service inside a
 * real cluster. Time budget: 90 s beside the start of the cluster.
 */
class FirstPathClusterIT {

  private static final String VPN = "vpn";

  private static TestCluster cluster;
  private static Installation installation;

  @BeforeAll
  static void install() {
    cluster = TestCluster.shared();
    installation = new Installation(cluster).install();
    cluster.namespace(VPN, "privileged");
    installation.apply("samples/workload.yaml");
    installation.apply("samples/office.yaml");
  }

  @Test
  void givenTheSamples_whenAStockClientTakesThePackage_thenItReachesPodsAndServices() {
    installation.awaitReady(VPN, "office");
    try (VpnClient alice = new VpnClient().connect(installation.ovpn(VPN, "alice"))) {
      String pod =
          cluster
              .client()
              .pods()
              .inNamespace(VPN)
              .withLabel("app", "echo")
              .list()
              .getItems()
              .getFirst()
              .getStatus()
              .getPodIP();
      assertThat(alice.tunnelAddress()).startsWith("172.31.200.");
      alice.run("ping", "-c", "3", "-W", "2", pod);
      String dns = installation.gateway(VPN, "office").getStatus().routes().toString();
      assertThat(dns).contains("10.245.0.0/16");
      assertThat(
              alice.run("dig", "+short", "+time=3", "@10.245.0.10", "echo.vpn.svc.cluster.local"))
          .startsWith("10.245.");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "TLS-ECDHE-ECDSA-WITH-AES-128-GCM-SHA256, prime256v1",
    "TLS-ECDHE-RSA-WITH-AES-256-CBC-SHA384, RSA",
    "TLS-RSA-WITH-AES-128-GCM-SHA256, RSA"
  })
  void givenATls12ClientOfOneSuite_whenItDials_thenTheServerHasTheKeyForIt(
      String suite, String key) {
    installation.awaitReady(VPN, "office");
    String ovpn =
        "tls-version-max 1.2\ntls-cipher " + suite + "\n" + installation.ovpn(VPN, "alice");
    try (VpnClient alice = new VpnClient().connect(ovpn)) {
      assertThat(alice.log().lines().filter(line -> line.contains("Control Channel: TLSv1.2")))
          .singleElement()
          .asString()
          .contains("peer certificate: ", key);
    }
  }
}
