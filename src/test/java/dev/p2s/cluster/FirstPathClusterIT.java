package dev.p2s.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

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
      assertThat(alice.run("curl", "-sS", "-m", "10", "http://echo.vpn.svc.cluster.local"))
          .startsWith("pod=echo");
    }
  }
}
