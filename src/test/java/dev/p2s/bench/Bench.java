package dev.p2s.bench;

import dev.p2s.cluster.Installation;
import dev.p2s.cluster.Progress;
import dev.p2s.cluster.TestCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * {@code make bench}: what the product costs, in a cluster of its own with the images as they are
 * shipped. Figures are compared with anchors, never asserted.
 */
public final class Bench {

  private static final String NAMESPACE = "vpn";
  private static final String GATEWAY = "office";
  private static final String PERSON = "alice";

  private final TestCluster cluster;
  private final Results results = new Results();

  private Bench(TestCluster cluster) {
    this.cluster = cluster;
  }

  public static void main(String[] arguments) {
    boolean succeeded = false;
    try {
      run();
      succeeded = true;
    } catch (IOException | RuntimeException | AssertionError e) {
      System.getLogger("bench").log(System.Logger.Level.ERROR, "the bench ended early", e);
    }
    System.exit(succeeded ? 0 : 1); // the engine client's threads are no daemons
  }

  private static void run() throws IOException {
    Bench bench = new Bench(TestCluster.shared());
    bench.start();
    bench.objects();
    bench.memory();
    // an office of its own has the node's port 443 now
    bench.cluster.kubectl("delete", "-n", NAMESPACE, "-f", "samples/office.yaml");
    new OpenVpnFigures(bench.cluster, bench.results).measure();
    new Ikev2Figures(bench.cluster, bench.results).measure();
    Path file = Path.of("target", "bench", "results.csv");
    bench.results.write(file, machine());
    System.out.println("\n" + machine() + "\n\n" + bench.results.table() + "\n" + file);
  }

  private void start() {
    Progress.say("operator: start and idle memory");
    cluster.kubectl("apply", "--server-side", "-f", "crds/");
    OperatorStart operator = new OperatorStart(cluster);
    var without = operator.measure(3, "-XX:AOTMode=off");
    var ours = operator.measure(3, "");
    cluster.kubectl("delete", "-f", "crds/"); // the chart brings its own
    results.add("operator: start to ready", ours.start(), without.start(), "without AOT cache");
    results.add("operator: start to ready", ours.start().median(), ours.start(), 1500);
    results.add("operator: idle memory", ours.memory(), without.memory(), "without AOT cache");
    results.add("operator: idle memory", ours.memory().median(), ours.memory(), 120);
  }

  private void objects() {
    Installation installation = new Installation(cluster).install();
    cluster.namespace(NAMESPACE, "privileged");
    installation.apply("samples/workload.yaml");
    installation.apply("samples/office.yaml");
    installation.awaitReady(NAMESPACE, GATEWAY);
    installation.awaitPackage(NAMESPACE, PERSON);
    ObjectTimes times = new ObjectTimes(cluster, NAMESPACE);
    Progress.say("P2SGateway: apply to Ready");
    Samples gateways = times.gateways(3);
    results.add("P2SGateway: apply to Ready", gateways.median(), gateways, 5000);
    Progress.say("ClientProfile: apply to Secret");
    times.profiles(GATEWAY, 20); // what the first of a new process costs is the row above's
    Samples profiles = times.profiles(GATEWAY, 100);
    results.add("ClientProfile: apply to Secret, p50", profiles);
    results.add("ClientProfile: apply to Secret, p99", profiles.quantile(0.99), profiles, 250);
  }

  private void memory() {
    PodMemory memory = new PodMemory(cluster);
    results.add("operator: memory after 120 profiles", memory.of("P2S_ROLE=operator"));
    results.add("agent: memory", memory.of("P2S_ROLE=agent"));
    results.add("netd: memory", memory.of("dev[.]p2s[.]netd[.]Netd"));
    results.add("openvpn: memory of a process", memory.of("(/usr/sbin/)?openvpn"));
  }

  private static String machine() throws IOException {
    long memory =
        Files.readAllLines(Path.of("/proc/meminfo")).stream()
            .filter(line -> line.startsWith("MemTotal"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
            .findFirst()
            .orElse(0);
    return String.format(
        Locale.ROOT,
        "%d cores, %d GB, Linux %s",
        Runtime.getRuntime().availableProcessors(),
        Math.round(memory / 1024.0 / 1024.0),
        System.getProperty("os.version"));
  }
}
