package dev.p2s.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.api.v1alpha1.P2SGatewayStatus;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;

/**
 * A cluster with the gateway {@code vpn/office} of both IKEv2 and OpenVPN, for two connections,
 * whose people log in at two real FreeRADIUS servers.
 */
record RadiusOffice(
    TestCluster cluster,
    Installation installation,
    LoneOffice gateway,
    RadiusMachine first,
    RadiusMachine second)
    implements AutoCloseable {

  static final String PHRASE = RadiusMachine.ALICE;

  private static final String VPN = "vpn";
  private static final List<String> SECRETS =
      List.of(PHRASE, "dave-secret", "not-the-password", RadiusMachine.SECRET);

  static RadiusOffice open() {
    TestCluster cluster = TestCluster.start("ikev2-radius", false);
    Installation installation = new Installation(cluster).install();
    cluster.namespace(VPN, "privileged");
    installation.apply("samples/workload.yaml");
    RadiusMachine first = new RadiusMachine();
    RadiusMachine second = new RadiusMachine();
    installation.applyText(
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: radius, namespace: vpn}
        stringData: {shared: "%s"}
        ---
        apiVersion: p2s.dev/v1alpha1
        kind: P2SGateway
        metadata: {name: office, namespace: vpn}
        spec:
          sku: {custom: {connections: 2}}
          tunnelTypes: [IKEv2, OpenVPN]
          clientAddressPools: [172.31.202.0/24]
          exposure: {type: HostPort}
          authenticationTypes: [RADIUS]
          radius:
            timeoutSeconds: 5
            accounting: true
            servers:
            - {address: %s, score: 20, secretRef: {name: radius, key: shared}}
            - {address: %s, score: 10, secretRef: {name: radius, key: shared}}
        ---
        apiVersion: p2s.dev/v1alpha1
        kind: ClientProfile
        metadata: {name: people, namespace: vpn}
        spec:
          gatewayRef: {name: office}
        """
            .formatted(RadiusMachine.SECRET, first.address(), second.address()));
    installation.awaitReady(VPN, "office");
    cluster.kubectl("rollout", "status", "deployment/echo", "-n", VPN, "--timeout=60s");
    return new RadiusOffice(
        cluster, installation, new LoneOffice(cluster, installation), first, second);
  }

  /** Puts the roots of both servers where a spec may name them: {@code radius-roots}, ca.crt. */
  void nameRoots() {
    cluster.kubectl(
        "-n",
        VPN,
        "create",
        "configmap",
        "radius-roots",
        "--from-literal=ca.crt=" + first.root() + second.root());
  }

  void awaitRootsInPackages() {
    Office.await(
        "packages that name the servers' roots",
        () ->
            cluster
                .client()
                .secrets()
                .inNamespace(VPN)
                .withName("people-vpn")
                .get()
                .getData()
                .containsKey("Generic_RadiusServerRoot.cer_1"));
  }

  /** Waits until the gateway's status says so of a server. */
  void awaitReach(RadiusMachine server, boolean reachable) {
    Office.await(
        server.address() + (reachable ? " reachable" : " not reachable"),
        () -> {
          P2SGatewayStatus.Radius told = installation.gateway(VPN, "office").getStatus().radius();
          return told != null
              && told.sourceAddresses().contains(cluster.nodeAddress())
              && told.servers().stream()
                  .anyMatch(
                      each ->
                          each.address().equals(server.address())
                              && Boolean.valueOf(reachable).equals(each.reachable())
                              && each.lastReply() != null);
        });
    assertThat(
            installation.gateway(VPN, "office").getStatus().conditions().stream()
                .filter(condition -> condition.getType().equals("RadiusReachable"))
                .map(Condition::getReason))
        .containsExactly(reachable ? "RadiusAnswers" : "NoReply");
  }

  void hasWrittenNoSecret() {
    String written = gateway.written();
    for (String secret : SECRETS) {
      assertThat(written).doesNotContain(secret);
    }
  }

  @Override
  public void close() throws Exception {
    for (AutoCloseable each : new AutoCloseable[] {first, second, cluster}) {
      each.close();
    }
  }
}
