package dev.p2s.bench;

import dev.p2s.cluster.Installation;
import dev.p2s.cluster.Progress;
import dev.p2s.cluster.StrongSwanClient;
import dev.p2s.cluster.TestCluster;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** What IKEv2 through a gateway costs beside a bare charon with the same keys and policies. */
final class Ikev2Figures {

  private static final String NAMESPACE = "vpn";
  private static final String GATEWAY = "ike";
  private static final String PERSON = "ike-person";
  private static final String BARE = "charon alone, same keys and policies";

  private static final String OBJECTS =
      """
      apiVersion: p2s.dev/v1alpha1
      kind: P2SGateway
      metadata: {name: ike, namespace: vpn}
      spec:
        tunnelTypes: [IKEv2]
        clientAddressPools: [172.30.244.0/24]
        exposure: {type: HostPort}
      ---
      apiVersion: p2s.dev/v1alpha1
      kind: RootCertificate
      metadata: {name: ike-root, namespace: vpn}
      spec:
        gatewayRef: {name: ike}
        selfSigned: {}
      ---
      apiVersion: p2s.dev/v1alpha1
      kind: ClientProfile
      metadata: {name: ike-person, namespace: vpn}
      spec: {gatewayRef: {name: ike}}
      """;

  // one after the other: what a person waits for
  private static final String DIAL =
      """
      begin=$(date +%%s%%3N)
      for i in $(seq %1$d); do
        swanctl --initiate --child net --timeout 30 > /tmp/said 2>&1 || { cat /tmp/said; exit 1; }
        swanctl --terminate --ike ike --timeout 10 > /tmp/said 2>&1 || { cat /tmp/said; exit 1; }
      done
      echo $(($(date +%%s%%3N) - begin))
      """;

  private final TestCluster cluster;
  private final Results results;

  Ikev2Figures(TestCluster cluster, Results results) {
    this.cluster = cluster;
    this.results = results;
  }

  void measure() {
    Installation installation = new Installation(cluster);
    installation.applyText(OBJECTS);
    installation.awaitReady(NAMESPACE, GATEWAY);
    installation.awaitPackage(NAMESPACE, PERSON);
    byte[] zip =
        Base64.getDecoder()
            .decode(
                cluster
                    .client()
                    .secrets()
                    .inNamespace(NAMESPACE)
                    .withName(PERSON + "-vpn")
                    .get()
                    .getData()
                    .get("package.zip"));
    String target = FloodPod.in(cluster, NAMESPACE);
    try (BareCharon bare = new BareCharon(cluster, NAMESPACE, GATEWAY, "ike-root");
        StrongSwanClient mine = new StrongSwanClient();
        StrongSwanClient theirs = new StrongSwanClient()) {
      mine.connect(zip);
      theirs.connectElsewhere(zip, bare.address(), bare.target());
      Progress.say("IKEv2: goodput");
      Goodput.compare(
          "IKEv2: goodput of a connection",
          new Goodput.Line(mine, target),
          new Goodput.Line(theirs, bare.target()),
          BARE,
          3,
          results);
      Progress.say("IKEv2: dialling");
      mine.run("swanctl", "--terminate", "--ike", GATEWAY);
      theirs.run("swanctl", "--terminate", "--ike", GATEWAY);
      List<Double> ours = new ArrayList<>();
      List<Double> anchor = new ArrayList<>();
      int times = 15;
      for (int i = 0; i < 3; i++) {
        ours.add(times * 1000.0 / dial(mine, times));
        anchor.add(times * 1000.0 / dial(theirs, times));
      }
      results.add(
          "IKEv2: connections a second, one after another",
          Samples.of("/s", ours),
          Samples.of("/s", anchor),
          BARE);
    }
  }

  private static long dial(StrongSwanClient client, int times) {
    return Long.parseLong(client.run("bash", "-c", DIAL.formatted(times)).strip());
  }
}
