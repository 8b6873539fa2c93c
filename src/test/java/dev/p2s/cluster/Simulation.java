package dev.p2s.cluster;

import dev.p2s.api.v1alpha1.P2SGateway;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionTimeoutException;

/**
 * A gateway at the top of the seed's table as the operator sees it: VpnGw5 with its pods on a node
 * that is no machine, and agents that speak the real protocol and have no tunnels. Two replicas of
 * the operator serve the sessions' API.
 */
public final class Simulation implements AutoCloseable {

  private static final String NAMESPACE = "simulation";
  private static final String NAME = "top";
  private static final Duration LONG = Duration.ofMinutes(4);
  private static final int LISTS = 5;

  private final TestCluster cluster;
  private final Installation installation;
  private final OperatorPods operator;
  private final int replicas;
  private final int sessions;
  private final int idleSeconds;
  private final SimulatedPods pods;

  /**
   * What was seen.
   *
   * @param fullSeconds from the gateway's creation until all sessions were counted
   * @param cpuMillis of all the operator's replicas in a second, while the sessions are there,
   *     their traffic is told and nothing else changes
   * @param megabytes of anonymous memory of the larger of them then
   * @param writesIdle to the API in that time
   * @param changeMillis from a change of the spec until each agent follows it, shortest first
   * @param writesChange to the API for that change
   * @param listMillis how long each list of all sessions takes, kubectl included, in order
   * @param listed sessions in each list
   */
  public record Seen(
      double fullSeconds,
      double cpuMillis,
      double megabytes,
      double writesIdle,
      List<Long> changeMillis,
      double writesChange,
      List<Long> listMillis,
      int listed) {

    /** The same as one line that a person reads. */
    public String line() {
      return "all counted after %.0f s; idle: %.0f ms of processor a second, %.0f MB, %.0f writes; change until an agent follows: median %d ms, last %d ms, %.0f writes; lists of %d: %s ms"
          .formatted(
              fullSeconds,
              cpuMillis,
              megabytes,
              writesIdle,
              changeMillis.get(changeMillis.size() / 2),
              changeMillis.getLast(),
              writesChange,
              listed,
              listMillis);
    }
  }

  /**
   * @param replicas 1–100
   * @param sessions over all of them, 1–10,000
   * @param idleSeconds how long nothing happens while the operator is watched
   */
  public Simulation(TestCluster cluster, int replicas, int sessions, int idleSeconds) {
    this.cluster = cluster;
    this.installation = new Installation(cluster);
    this.operator = new OperatorPods(cluster);
    this.replicas = replicas;
    this.sessions = sessions;
    this.idleSeconds = idleSeconds;
    this.pods = new SimulatedPods(cluster, NAMESPACE, replicas, sessions / replicas, List.of(NAME));
  }

  /** Plays it; the operator is there. */
  public Seen run() {
    installation.helmUpgrade("--set", "sessionsApi.enabled=true");
    pods.prepare();
    final long begin = System.nanoTime();
    installation.applyText(gateway(""));
    pods.awaitRunning();
    await("all sessions", () -> connected() == sessions);
    await("both replicas of the operator to list them", this::areAllListed);
    final double full = (System.nanoTime() - begin) / 1e9;

    ApiCounts counts = new ApiCounts(cluster, ApiCounts.EVERYTHING);
    final Map<String, Double> before = counts.whenQuiet();
    final long cpu = operator.cpuMillis();
    pause(idleSeconds);
    final double cpuIdle = (operator.cpuMillis() - cpu) / (double) idleSeconds;
    final Map<String, Double> idle = counts.now();

    final long changed = System.currentTimeMillis();
    installation.applyText(gateway("\n  blockedUsers: [{user: mallory@example.com}]"));
    long generation = installation.gateway(NAMESPACE, NAME).getMetadata().getGeneration();
    await("every agent to follow", () -> followed(generation).size() == replicas);
    final double written = sum(counts.whenQuiet()) - sum(idle);

    List<Long> lists = new java.util.ArrayList<>();
    int listed = 0;
    for (int i = 0; i < LISTS; i++) {
      long listBegin = System.nanoTime();
      String list = list();
      lists.add((System.nanoTime() - listBegin) / 1_000_000);
      listed = count(list);
    }
    return new Seen(
        full,
        cpuIdle,
        operator.megabytes(),
        sum(idle) - sum(before),
        followed(generation).values().stream().map(at -> at - changed).sorted().toList(),
        written,
        lists,
        listed);
  }

  private String gateway(String more) {
    return """
    apiVersion: p2s.dev/v1alpha1
    kind: P2SGateway
    metadata: {name: top, namespace: simulation}
    spec:
      sku: {name: VpnGw5}
      clientAddressPools: [172.16.128.0/18]
      exposure: {type: ClusterIP}
      scaling: {replicas: %d}%s
    """
        .formatted(replicas, more);
  }

  private int connected() {
    P2SGateway top = installation.gateway(NAMESPACE, NAME);
    String connected = top.getStatus() == null ? null : top.getStatus().connected();
    return connected == null ? 0 : Integer.parseInt(connected.split("/")[0]);
  }

  /** Either of two replicas may answer, so several answers in a row have to be whole. */
  private boolean areAllListed() {
    return IntStream.range(0, 4).allMatch(i -> count(list()) == sessions);
  }

  private String list() {
    return cluster.kubectl(
        "get", "--raw", "/apis/live.p2s.dev/v1alpha1/namespaces/" + NAMESPACE + "/p2ssessions");
  }

  private static int count(String list) {
    return Serialization.unmarshal(list, com.fasterxml.jackson.databind.JsonNode.class)
        .get("items")
        .size();
  }

  /** When each agent first followed a generation of the spec, by ordinal. */
  private Map<Integer, Long> followed(long generation) {
    Map<Integer, Long> first = new TreeMap<>();
    pods.said()
        .lines()
        .filter(line -> line.startsWith("followed "))
        .map(line -> line.split(" "))
        .filter(words -> Long.parseLong(words[1]) >= generation)
        .forEach(
            words -> first.merge(Integer.valueOf(words[2]), Long.valueOf(words[3]), Math::min));
    return first;
  }

  private static double sum(Map<String, Double> counts) {
    return counts.values().stream().mapToDouble(Double::doubleValue).sum();
  }

  static void pause(int seconds) {
    try {
      TimeUnit.SECONDS.sleep(seconds);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private void await(String what, Callable<Boolean> condition) {
    try {
      Office.await(what, LONG, condition);
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(
          "%s did not come; %d sessions%n%s%n%s%n%s"
              .formatted(
                  what,
                  connected(),
                  cluster
                      .tool("kubectl", "-n", NAMESPACE, "get", "p2sgateway,pods", "-o", "wide")
                      .output(),
                  operator.log(),
                  pods.said()),
          e);
    }
  }

  /** Takes it away; the operator is as it was. */
  @Override
  public void close() {
    pods.close();
    installation.helmUpgrade();
  }
}
