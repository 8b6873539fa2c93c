package dev.p2s.cluster;

import dev.p2s.api.v1alpha1.ClientProfile;
import dev.p2s.api.v1alpha1.P2SGateway;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/** One operator with many gateways and many more profiles; the gateways' pods are simulated. */
public final class Fleet implements AutoCloseable {

  private static final String NAMESPACE = "fleet";
  private static final Duration LONG = Duration.ofMinutes(10);

  private final TestCluster cluster;
  private final Installation installation;
  private final int profilesEach;
  private final List<String> gateways;
  private final SimulatedPods pods;

  /**
   * What was seen.
   *
   * @param readySeconds from the first gateway's creation until all are Ready
   * @param packagesSeconds from the first profile's creation until every package is there
   * @param settledSeconds from the start of another operator until every object was reconciled
   * @param megabytes of the operator's anonymous memory
   * @param writesRestart to the API because of that start
   * @param writesIdle to the API in half a minute when nothing changes
   */
  public record Seen(
      double readySeconds,
      double packagesSeconds,
      double settledSeconds,
      double megabytes,
      double writesRestart,
      double writesIdle) {}

  /**
   * @param count of gateways, 1–200
   * @param profilesEach for each of them
   */
  public Fleet(TestCluster cluster, int count, int profilesEach) {
    this.cluster = cluster;
    this.installation = new Installation(cluster);
    this.profilesEach = profilesEach;
    this.gateways = IntStream.range(0, count).mapToObj(i -> "g" + i).toList();
    this.pods = new SimulatedPods(cluster, NAMESPACE, 1, 0, gateways);
  }

  /** Plays it; the operator is there. */
  public Seen run() {
    long begin = System.nanoTime();
    pods.run(() -> gateways.forEach(name -> installation.applyText(gateway(name))));
    await("every gateway Ready", () -> gateways.stream().allMatch(this::isReady));
    final double ready = since(begin);

    begin = System.nanoTime();
    gateways.forEach(
        name ->
            installation.applyText(
                String.join(
                    "---\n",
                    IntStream.range(0, profilesEach).mapToObj(i -> profile(name, i)).toList())));
    await("every package", () -> packages() == gateways.size() * profilesEach);
    final double packages = since(begin);

    ApiCounts counts = new ApiCounts(cluster, ApiCounts.EVERYTHING);
    Map<String, Double> before = counts.whenQuiet();
    begin = System.nanoTime();
    cluster.kubectl(
        "-n", Installation.NAMESPACE, "rollout", "restart", "deployment/" + Installation.RELEASE);
    cluster.kubectl(
        "-n",
        Installation.NAMESPACE,
        "rollout",
        "status",
        "deployment/" + Installation.RELEASE,
        "--timeout=120s");
    long serving = System.nanoTime();
    await(
        "another operator to have seen everything",
        () ->
            counts.reconciliations("clientprofile") >= gateways.size() * profilesEach
                && counts.reconciliations("p2sgateway") >= gateways.size());
    final double settled = since(serving);
    Map<String, Double> after = counts.whenQuiet();
    pause();
    return new Seen(
        ready,
        packages,
        settled,
        pods.memory(),
        sum(after) - sum(before),
        sum(counts.now()) - sum(after));
  }

  private boolean isReady(String name) {
    P2SGateway gateway = installation.gateway(NAMESPACE, name);
    return Installation.holds(Installation.conditions(gateway), "Ready")
        && Installation.holds(Installation.conditions(gateway), "Programmed");
  }

  private long packages() {
    return cluster
        .client()
        .resources(ClientProfile.class)
        .inNamespace(NAMESPACE)
        .list()
        .getItems()
        .stream()
        .filter(profile -> profile.getStatus() != null)
        .filter(profile -> Installation.holds(profile.getStatus().conditions(), "Ready"))
        .count();
  }

  private static String gateway(String name) {
    return """
    apiVersion: p2s.dev/v1alpha1
    kind: P2SGateway
    metadata: {name: %1$s, namespace: fleet}
    spec:
      clientAddressPools: [172.20.%2$s.0/24]
      exposure: {type: ClusterIP}
    ---
    apiVersion: p2s.dev/v1alpha1
    kind: RootCertificate
    metadata: {name: %1$s-root, namespace: fleet}
    spec: {gatewayRef: {name: %1$s}, selfSigned: {commonName: %1$s}}
    """
        .formatted(name, name.substring(1));
  }

  private static String profile(String gateway, int number) {
    return """
    apiVersion: p2s.dev/v1alpha1
    kind: ClientProfile
    metadata: {name: %1$s-p%2$d, namespace: fleet}
    spec:
      gatewayRef: {name: %1$s}
      user: person%2$d@example.com
    """
        .formatted(gateway, number);
  }

  private static double since(long begin) {
    return (System.nanoTime() - begin) / 1e9;
  }

  private static double sum(Map<String, Double> counts) {
    return counts.values().stream().mapToDouble(Double::doubleValue).sum();
  }

  private static void pause() {
    try {
      TimeUnit.SECONDS.sleep(30);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static void await(String what, Callable<Boolean> condition) {
    Awaitility.await(what).atMost(LONG).pollInterval(Duration.ofMillis(500)).until(condition);
  }

  /** Takes it away. */
  @Override
  public void close() {
    pods.close();
  }
}
