package dev.p2s.bench;

import dev.p2s.cluster.Fleet;
import dev.p2s.cluster.Installation;
import dev.p2s.cluster.Progress;
import dev.p2s.cluster.Simulation;
import dev.p2s.cluster.TestCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;

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

  /**
   * @param arguments which parts: {@code operator}, {@code protocols}, {@code sstp}, {@code
   *     shaping}, {@code moves}, {@code top}, {@code fleet}; all without any
   */
  public static void main(String[] arguments) {
    boolean succeeded = false;
    try {
      run(Set.of(arguments));
      succeeded = true;
    } catch (IOException | RuntimeException | AssertionError e) {
      e.printStackTrace(System.err); // nothing else of this program logs
    }
    System.exit(succeeded ? 0 : 1); // the engine client's threads are no daemons
  }

  private static void run(Set<String> parts) throws IOException {
    Bench bench = new Bench(TestCluster.shared());
    try {
      bench.measure(parts);
    } finally { // what was measured before a part failed counts
      Path file = Path.of("target", "bench", "results.csv");
      bench.results.write(file, machine());
      System.out.println("\n" + machine() + "\n\n" + bench.results.table() + "\n" + file);
    }
  }

  private void measure(Set<String> parts) {
    if (parts.isEmpty() || parts.contains("operator")) {
      start();
      objects();
      memory();
      // an office of its own has the node's port 443 next
      cluster.kubectl("delete", "-n", NAMESPACE, "-f", "samples/office.yaml");
    }
    if (parts.isEmpty() || parts.contains("protocols")) {
      installation();
      new OpenVpnFigures(cluster, results).measure();
      new Ikev2Figures(cluster, results).measure();
    }
    if (parts.isEmpty() || parts.contains("sstp")) {
      installation();
      new SstpFigures(cluster, results).measure();
    }
    if (parts.isEmpty() || parts.contains("shaping")) {
      installation();
      new ShapingFigures(cluster, results).measure();
    }
    if (parts.isEmpty() || parts.contains("moves")) {
      new MoveFigures(cluster, results).measure();
    }
    if (parts.isEmpty() || parts.contains("top")) {
      top();
    }
    if (parts.isEmpty() || parts.contains("fleet")) {
      fleet();
    }
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

  private Installation installation() {
    Installation installation = new Installation(cluster).install();
    cluster.namespace(NAMESPACE, "privileged");
    installation.apply("samples/workload.yaml");
    return installation;
  }

  private void objects() {
    Installation installation = installation();
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

  private void top() {
    new Installation(cluster).install();
    Progress.say("VpnGw5: 10,000 sessions over 20 replicas, simulated");
    try (Simulation simulation = new Simulation(cluster, 20, 10_000, 30)) {
      Simulation.Seen seen = simulation.run();
      figure("top: until 10,000 sessions are counted", "s", seen.fullSeconds());
      figure("top: operator's processor time, idle", "ms a second", seen.cpuMillis());
      figure("top: operator's memory", "MB", seen.megabytes());
      figure("top: writes in half a minute, idle", "writes", seen.writesIdle());
      Samples change = Samples.of("ms", seen.changeMillis());
      results.add("top: change until an agent follows, p50 of 20", change);
      figure("top: change until an agent follows, p95 of 20", "ms", change.quantile(0.95));
      figure("top: change until all 20 agents follow", "ms", change.quantile(1));
      figure("top: writes for that change", "writes", seen.writesChange());
      results.add(
          "top: list of " + seen.listed() + " sessions", Samples.of("ms", seen.listMillis()));
    }
  }

  private void fleet() {
    new Installation(cluster).install();
    Progress.say("100 gateways and 1,000 profiles, simulated pods");
    try (Fleet fleet = new Fleet(cluster, 100, 10)) {
      Fleet.Seen seen = fleet.run();
      Samples together = Samples.of("ms", seen.together());
      results.add("fleet: Ready, of 100 gateways made at once, p50", together);
      figure("fleet: Ready, of 100 gateways made at once, p99", "ms", together.quantile(0.99));
      Samples alone = Samples.of("ms", seen.alone());
      results.add("fleet: Ready, of one gateway more", alone.median(), alone, 10_000);
      figure("fleet: until 1,000 packages are there", "ms", seen.packagesMillis());
      Samples settled = Samples.of("ms", List.of(seen.settledMillis()));
      results.add("fleet: operator restarted until settled", settled.median(), settled, 3_000);
      Samples succeeded = Samples.of("ms", List.of(seen.succeededMillis()));
      results.add("fleet: operator upgraded until settled", succeeded.median(), succeeded, 3_000);
      figure("fleet: processor time of the restart", "ms", seen.settledCpuMillis());
      figure("fleet: operator's memory", "MB", seen.megabytes());
      figure("fleet: writes because of the restart", "writes", seen.writesRestart());
      figure("fleet: writes in half a minute, idle", "writes", seen.writesIdle());
    }
  }

  private void figure(String what, String unit, double value) {
    results.add(what, Samples.of(unit, List.of(value)));
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
