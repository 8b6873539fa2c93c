package dev.p2s.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import dev.p2s.api.v1alpha1.P2SGateway;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * A gateway at the top of the seed's table as the operator sees it: VpnGw5 with its pods on a node
 * that is no machine, and agents that speak the real protocol and have no tunnels.
 */
public final class Simulation implements AutoCloseable {

  private static final String NAMESPACE = "simulation";
  private static final String NAME = "top";
  private static final Duration LONG = Duration.ofMinutes(4);

  private final TestCluster cluster;
  private final Installation installation;
  private final int replicas;
  private final int sessions;
  private final SimulatedPods pods;

  /**
   * What was seen.
   *
   * @param fullSeconds from the gateway's creation until all sessions were counted
   * @param cpuMillis of one core's second, while the sessions are there and nothing changes
   * @param megabytes of the operator's anonymous memory then
   * @param writesIdle to the API in half a minute then
   * @param changeMillis from a change of the spec until every agent follows it
   * @param writesChange to the API for that change
   * @param listMillis how long a list of all sessions takes, and its count
   */
  public record Seen(
      double fullSeconds,
      double cpuMillis,
      double megabytes,
      double writesIdle,
      long changeMillis,
      double writesChange,
      long listMillis,
      int listed) {}

  /**
   * @param replicas 1–100
   * @param sessions over all of them, 1–10,000
   */
  public Simulation(TestCluster cluster, int replicas, int sessions) {
    this.cluster = cluster;
    this.installation = new Installation(cluster);
    this.replicas = replicas;
    this.sessions = sessions;
    this.pods = new SimulatedPods(cluster, NAMESPACE, replicas, sessions / replicas, List.of(NAME));
  }

  /** Plays it; the operator is there. */
  public Seen run() {
    installation.helmUpgrade("--set", "sessionsApi.enabled=true");
    cluster.namespace(NAMESPACE, "privileged");
    long begin = System.nanoTime();
    pods.run(() -> installation.applyText(gateway("")));
    await("all sessions", () -> connected() == sessions);
    double full = (System.nanoTime() - begin) / 1e9;

    ApiCounts counts = new ApiCounts(cluster, ApiCounts.EVERYTHING);
    Map<String, Double> before = counts.whenQuiet();
    long cpu = pods.cpuMillis();
    pause(Duration.ofSeconds(30));
    double cpuIdle = (pods.cpuMillis() - cpu) / 30.0;
    Map<String, Double> idle = counts.now();

    long changed = System.currentTimeMillis();
    installation.applyText(gateway("\n  blockedUsers: [{user: mallory@example.com}]"));
    String hash = awaitFollowed(changed);
    long last = followed(hash).stream().mapToLong(Long::longValue).max().orElseThrow();
    double written = sum(counts.whenQuiet()) - sum(idle);

    long listBegin = System.nanoTime();
    String list =
        cluster.kubectl(
            "get", "--raw", "/apis/live.p2s.dev/v1alpha1/namespaces/" + NAMESPACE + "/p2ssessions");
    long listMillis = (System.nanoTime() - listBegin) / 1_000_000;
    return new Seen(
        full,
        cpuIdle,
        pods.memory(),
        sum(idle) - sum(before),
        last - changed,
        written,
        listMillis,
        Serialization.unmarshal(list, JsonNode.class).get("items").size());
  }

  private String gateway(String more) {
    return """
    apiVersion: p2s.dev/v1alpha1
    kind: P2SGateway
    metadata: {name: top, namespace: simulation}
    spec:
      sku: {custom: {connections: %d}}
      clientAddressPools: [172.16.128.0/18]
      exposure: {type: ClusterIP}
      scaling: {replicas: %d}%s
    """
        .formatted(sessions, replicas, more);
  }

  private int connected() {
    P2SGateway top = installation.gateway(NAMESPACE, NAME);
    String connected = top.getStatus() == null ? null : top.getStatus().connected();
    return connected == null ? 0 : Integer.parseInt(connected.split("/")[0]);
  }

  /** The state that every agent follows and none did before. */
  private String awaitFollowed(long since) {
    await("every agent to follow", () -> newest(since).size() == replicas);
    return followedLines().getLast()[1];
  }

  private List<Long> newest(long since) {
    List<String[]> lines = followedLines();
    return lines.isEmpty()
        ? List.of()
        : followed(lines.getLast()[1]).stream().filter(at -> at >= since).toList();
  }

  private List<Long> followed(String hash) {
    return followedLines().stream()
        .filter(line -> line[1].equals(hash))
        .map(line -> Long.parseLong(line[3]))
        .toList();
  }

  private List<String[]> followedLines() {
    return pods.said()
        .lines()
        .filter(line -> line.startsWith("followed "))
        .map(line -> line.split(" "))
        .toList();
  }

  private static double sum(Map<String, Double> counts) {
    return counts.values().stream().mapToDouble(Double::doubleValue).sum();
  }

  private static void pause(Duration time) {
    try {
      TimeUnit.MILLISECONDS.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private void await(String what, java.util.concurrent.Callable<Boolean> condition) {
    try {
      Awaitility.await(what).atMost(LONG).pollInterval(Duration.ofMillis(500)).until(condition);
    } catch (org.awaitility.core.ConditionTimeoutException e) {
      throw new AssertionError(
          String.format(Locale.ROOT, "%s did not come; %d sessions%n", what, connected())
              + cluster
                  .tool("kubectl", "-n", NAMESPACE, "get", "p2sgateway,pods", "-o", "wide")
                  .output()
              + pods.said(),
          e);
    }
  }

  /** Takes it away. */
  @Override
  public void close() {
    pods.close();
  }
}
