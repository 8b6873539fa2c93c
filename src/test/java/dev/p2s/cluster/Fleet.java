package dev.p2s.cluster;

import dev.p2s.api.v1alpha1.ClientProfile;
import dev.p2s.api.v1alpha1.P2SGateway;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/** One operator with many gateways and many more profiles; the gateways' pods are simulated. */
public final class Fleet implements AutoCloseable {

  private static final String NAMESPACE = "fleet";
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final int ADDED = 10;

  private final TestCluster cluster;
  private final Installation installation;
  private final int count;
  private final int profilesEach;
  private final SimulatedPods pods;
  private final Map<String, Long> applied = new ConcurrentHashMap<>();
  private final Map<String, Long> ready = new ConcurrentHashMap<>();

  /**
   * What was seen.
   *
   * @param together milliseconds from each gateway's creation until it is Ready, all made at once
   * @param alone the same of ones that are added when the others and all profiles are there, one
   *     after the other
   * @param packagesMillis from the first profile's creation until every package is there
   * @param settledMillis from the start of another operator's process until the last object was
   *     reconciled
   * @param megabytes of the operator's anonymous memory then
   * @param settledCpuMillis processor time that this took the operator, which unlike the time
   *     depends on nothing else that runs
   * @param writesRestart to the API because of that start
   * @param succeededMillis from the end of an operator that is replaced, as by an upgrade, until
   *     the next one, which was ready by then, has reconciled the last object
   * @param writesIdle to the API in half a minute when nothing changes
   */
  public record Seen(
      List<Long> together,
      List<Long> alone,
      long packagesMillis,
      long settledMillis,
      long settledCpuMillis,
      double megabytes,
      double writesRestart,
      long succeededMillis,
      double writesIdle) {}

  /**
   * @param count of gateways, 1–200
   * @param profilesEach for each of them
   */
  public Fleet(TestCluster cluster, int count, int profilesEach) {
    this.cluster = cluster;
    this.installation = new Installation(cluster);
    this.count = count;
    this.profilesEach = profilesEach;
    this.pods = new SimulatedPods(cluster, NAMESPACE, 1, 0, names(0, count + ADDED));
  }

  /** Plays it; the operator is there. */
  public Seen run() {
    pods.prepare();
    try (SharedIndexInformer<P2SGateway> unused = follow()) {
      List<String> all = names(0, count);
      all.forEach(this::create);
      await("every gateway Ready", () -> ready.keySet().containsAll(all));

      final long begin = System.nanoTime();
      all.forEach(this::createProfiles);
      await("every package", () -> packages() == count * profilesEach);
      final long packages = (System.nanoTime() - begin) / 1_000_000;

      List<String> added = names(count, ADDED);
      for (String name : added) {
        create(name);
        await(name + " Ready", () -> ready.containsKey(name));
      }
      pods.awaitRunning();
      Restart restart = restart();
      long succeeded = successor();
      Map<String, Double> before = counts().now();
      Simulation.pause(30);
      return new Seen(
          millis(all),
          millis(added),
          packages,
          restart.millis(),
          restart.cpuMillis(),
          new OperatorPods(cluster).megabytes(),
          restart.writes(),
          succeeded,
          sum(counts().now()) - sum(before));
    }
  }

  private record Restart(long millis, long cpuMillis, double writes) {}

  private Restart restart() {
    final Map<String, Double> before = counts().whenQuiet();
    OperatorPods operator = new OperatorPods(cluster);
    OperatorPods.Started started = operator.replace();
    long settled = settled(operator, started.pod());
    long cpu = operator.cpuMillis();
    Map<String, Double> written = counts().writtenSince(before);
    Progress.say("written because of the restart: %s", written);
    return new Restart(settled - started.at().toEpochMilli(), cpu, sum(written));
  }

  private long successor() {
    OperatorPods operator = new OperatorPods(cluster);
    OperatorPods.Started successor = operator.succeed();
    return settled(operator, successor.pod()) - successor.at().toEpochMilli();
  }

  /** When a pod had reconciled the last object, in milliseconds since 1970. */
  private long settled(OperatorPods operator, String pod) {
    long moved = System.currentTimeMillis();
    double last = 0;
    long limit = System.currentTimeMillis() + LONG.toMillis();
    // three seconds without another reconciliation, once there were as many as there are objects
    while (System.currentTimeMillis() - moved < 3_000 || last < count * (profilesEach + 2.0)) {
      double now = operator.reconciliations(pod);
      if (now != last) {
        last = now;
        moved = System.currentTimeMillis();
      } else if (System.currentTimeMillis() > limit) {
        throw new AssertionError("%.0f reconciliations\n%s".formatted(now, operator.log()));
      }
    }
    Progress.say("%.0f reconciliations", last);
    return moved;
  }

  private ApiCounts counts() {
    return new ApiCounts(cluster, ApiCounts.EVERYTHING);
  }

  private static List<String> names(int from, int count) {
    return IntStream.range(from, from + count).mapToObj(i -> "g" + i).toList();
  }

  private SharedIndexInformer<P2SGateway> follow() {
    return cluster
        .client()
        .resources(P2SGateway.class)
        .inNamespace(NAMESPACE)
        .inform(
            new ResourceEventHandler<>() {
              @Override
              public void onAdd(P2SGateway gateway) {
                look(gateway);
              }

              @Override
              public void onUpdate(P2SGateway before, P2SGateway gateway) {
                look(gateway);
              }

              @Override
              public void onDelete(P2SGateway gateway, boolean unknown) {}
            });
  }

  private void look(P2SGateway gateway) {
    if (Installation.holds(Installation.conditions(gateway), "Ready")
        && Installation.holds(Installation.conditions(gateway), "Programmed")) {
      ready.putIfAbsent(gateway.getMetadata().getName(), System.nanoTime());
    }
  }

  private List<Long> millis(List<String> gateways) {
    return gateways.stream()
        .map(name -> (ready.get(name) - applied.get(name)) / 1_000_000)
        .toList();
  }

  private void create(String name) {
    applied.put(name, System.nanoTime());
    installation.applyText(
        """
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
            .formatted(name, name.substring(1)));
  }

  private void createProfiles(String gateway) {
    installation.applyText(
        String.join(
            "---\n", IntStream.range(0, profilesEach).mapToObj(i -> profile(gateway, i)).toList()));
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

  private static double sum(Map<String, Double> counts) {
    return counts.values().stream().mapToDouble(Double::doubleValue).sum();
  }

  private void await(String what, Callable<Boolean> condition) {
    try {
      Awaitility.await(what).atMost(LONG).pollInterval(Duration.ofMillis(200)).until(condition);
    } catch (org.awaitility.core.ConditionTimeoutException e) {
      throw new AssertionError(
          "%s did not come; %d Ready%n%s"
              .formatted(what, ready.size(), new OperatorPods(cluster).log()),
          e);
    }
  }

  /** Takes it away. */
  @Override
  public void close() {
    pods.close();
  }
}
