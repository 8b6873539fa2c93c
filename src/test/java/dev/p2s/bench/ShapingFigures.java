package dev.p2s.bench;

import dev.p2s.cluster.Installation;
import dev.p2s.cluster.Progress;
import dev.p2s.cluster.TestCluster;
import dev.p2s.cluster.VpnClient;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** How near to its SKU's throughput a gateway is held, and what holding it there costs. */
final class ShapingFigures {

  private static final String NAMESPACE = "vpn";
  private static final String GATEWAY = "shaped";
  private static final int ROUNDS = 5;
  private static final int MEGABITS = 100;

  /** Well below the figure, so that both policies carry the same. */
  private static final String UNHINDERED = "80M";

  private static final String OBJECTS =
      """
      apiVersion: p2s.dev/v1alpha1
      kind: P2SGateway
      metadata: {name: shaped, namespace: vpn}
      spec:
        sku: {custom: {connections: 10, throughputMbps: %1$d}}
        throughputPolicy: %2$s
        clientAddressPools: [172.30.239.0/24]
        exposure: {type: NodePort, nodePort: 30953, address: %3$s}
      ---
      apiVersion: p2s.dev/v1alpha1
      kind: RootCertificate
      metadata: {name: shaped-root, namespace: vpn}
      spec: {gatewayRef: {name: shaped}, selfSigned: {}}
      ---
      apiVersion: p2s.dev/v1alpha1
      kind: ClientProfile
      metadata: {name: shaped-person, namespace: vpn}
      spec: {gatewayRef: {name: shaped}}
      """;

  private final TestCluster cluster;
  private final Installation installation;
  private final Results results;

  ShapingFigures(TestCluster cluster, Results results) {
    this.cluster = cluster;
    this.installation = new Installation(cluster);
    this.results = results;
  }

  void measure() {
    apply("Shape");
    installation.awaitReady(NAMESPACE, GATEWAY);
    String target = FloodPod.in(cluster, NAMESPACE);
    try (VpnClient client = new VpnClient()) {
      Goodput.Line line =
          new Goodput.Line(
              client.connect(installation.ovpn(NAMESPACE, GATEWAY + "-person")), target);
      Progress.say("throughput: held to %d Mb/s", MEGABITS);
      held(line, ", to the client", "-R");
      held(line, ", from the client");
      Progress.say("throughput: what holding it costs");
      List<Double> shaped = new ArrayList<>();
      List<Double> observed = new ArrayList<>();
      for (int i = 0; i < ROUNDS; i++) {
        policy("Observe");
        observed.add(busy(line));
        policy("Shape");
        shaped.add(busy(line));
      }
      results.add(
          "throughput: the machine's processor time at 80 Mb/s, Shape",
          Samples.of("ms a second", shaped),
          Samples.of("ms a second", observed),
          "Observe");
    }
    cluster.kubectl("delete", "p2sgateway", GATEWAY, "-n", NAMESPACE, "--wait=false");
  }

  private void held(Goodput.Line line, String which, String... direction) {
    Samples rates =
        Samples.of("Mb/s", Stream.generate(() -> line.megabits(direction)).limit(ROUNDS).toList());
    results.add(
        "throughput: goodput at a SKU of 100 Mb/s" + which, rates.median(), rates, MEGABITS);
  }

  /** Milliseconds of processor time a second that the whole machine needs for the same flow. */
  private double busy(Goodput.Line line) {
    long before = machineMillis();
    line.megabits("-b", UNHINDERED, "-R");
    return (machineMillis() - before) / (double) Goodput.SENT_SECONDS;
  }

  /** All that is no idling, from the kernel's own sums in hundredths of a second. */
  private long machineMillis() {
    long[] sums =
        Stream.of(cluster.onNode("head", "-n", "1", "/proc/stat").strip().split(" +", -1))
            .skip(1)
            .mapToLong(Long::parseLong)
            .toArray();
    return 10 * (sums[0] + sums[1] + sums[2] + sums[5] + sums[6]);
  }

  private void apply(String policy) {
    installation.applyText(OBJECTS.formatted(MEGABITS, policy, cluster.nodeAddress()));
  }

  private void policy(String policy) {
    apply(policy);
    installation.awaitProgrammed(NAMESPACE, GATEWAY);
  }
}
