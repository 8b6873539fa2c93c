package dev.p2s.cluster;

import dev.p2s.agent.SimulatedAgents;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/**
 * Gateways' pods on a node that is no machine: the real scheduler binds them, {@link
 * SimulatedAgents} in a container beside the cluster answer for them.
 */
final class SimulatedPods implements AutoCloseable {

  private static final Duration LONG = Duration.ofMinutes(4);

  private final TestCluster cluster;
  private final String namespace;
  private final int replicas;
  private final int sessions;
  private final List<String> gateways;
  private FakeNode node;
  private String agents = "";

  /**
   * @param namespace of the gateways, made here
   * @param replicas of each
   * @param sessions of each replica at most
   * @param gateways their names; what number each ends in names its pods' addresses
   */
  SimulatedPods(
      TestCluster cluster, String namespace, int replicas, int sessions, List<String> gateways) {
    this.cluster = cluster;
    this.namespace = namespace;
    this.replicas = replicas;
    this.sessions = sessions;
    this.gateways = List.copyOf(gateways);
  }

  /** Makes the gateways and waits until every pod is bound and said to run. */
  void run(Runnable make) {
    cluster.namespace(namespace, "privileged");
    agents = startAgents();
    node = new FakeNode(cluster.client(), namespace);
    cordonOthers(true);
    make.run();
    Awaitility.await("every simulated pod")
        .atMost(LONG)
        .pollInterval(Duration.ofMillis(500))
        .until(() -> pods() == replicas * gateways.size());
    cordonOthers(false);
  }

  /** What the agents have printed. */
  String said() {
    return EngineContainers.docker("logs", agents);
  }

  private String startAgents() {
    List<String> words =
        new ArrayList<>(
            List.of(
                "run",
                "-d",
                "--user=0",
                "--cap-add=NET_ADMIN",
                "-v",
                Path.of("target/test-classes").toAbsolutePath() + ":/t:ro",
                "-v",
                inside() + ":/kubeconfig:ro",
                "-e",
                "KUBECONFIG=/kubeconfig"));
    EngineContainers.ofThisRun()
        .forEach((key, value) -> words.addAll(List.of("--label", key + "=" + value)));
    words.addAll(
        List.of(
            "--entrypoint",
            "sh",
            Installation.OPERATOR_IMAGE,
            "-c",
            // every address of the range is the machine's
            "ip route add local 198.18.0.0/16 dev lo && exec java -Xmx512m -XX:+UseSerialGC -cp"
                + " '/app/app/*:/app/lib/main/*:/app/lib/boot/*:/t' "
                + SimulatedAgents.class.getName()
                + " "
                + String.join(
                    " ",
                    namespace,
                    Integer.toString(replicas),
                    Integer.toString(sessions),
                    String.join(" ", gateways))));
    String started = EngineContainers.docker(words.toArray(String[]::new)).strip();
    String address =
        EngineContainers.docker(
                "inspect",
                "-f",
                "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}",
                started)
            .strip();
    for (String node : EngineContainers.docker("ps", "-q", "--filter", "ancestor=" + TestCluster.nodeImage()).lines().toList()) {
      if (ofThisCluster(node)) {
        new NodeContainer(node).run("ip", "route", "replace", "198.18.0.0/16", "via", address);
      }
    }
    return started;
  }

  /** A kubeconfig for containers beside the node. */
  private Path inside() {
    try {
      Path file = Files.createTempFile("simulation", ".kubeconfig");
      return Files.writeString(file, cluster.onNode("cat", "/etc/kubernetes/admin.conf"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The operator may run on any of the cluster's nodes. */
  private boolean ofThisCluster(String container) {
    String address =
        EngineContainers.docker(
                "inspect",
                "-f",
                "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}",
                container)
            .strip();
    return cluster.client().nodes().list().getItems().stream()
        .flatMap(node -> node.getStatus().getAddresses().stream())
        .anyMatch(one -> one.getAddress().equals(address));
  }

  private void cordonOthers(boolean cordoned) {
    cluster.client().nodes().list().getItems().stream()
        .map(one -> one.getMetadata().getName())
        .filter(name -> !name.equals("fake"))
        .forEach(name -> cluster.kubectl(cordoned ? "cordon" : "uncordon", name));
  }

  private int pods() {
    return (int)
        cluster.client().pods().inNamespace(namespace).list().getItems().stream()
            .filter(pod -> pod.getStatus().getPodIP() != null)
            .count();
  }

  /** What the operator has used of the processor since its start. */
  long cpuMillis() {
    String ticks =
        cluster.onNode(
            "sh",
            "-c",
            "for p in /proc/[0-9]*; do if tr '\\0' '\\n' < $p/environ 2>/dev/null | grep -qx"
                + " P2S_ROLE=operator; then cut -d' ' -f14,15 $p/stat; fi; done | head -n 1");
    String[] parts = ticks.strip().split(" ");
    return 10 * (Long.parseLong(parts[0]) + Long.parseLong(parts[1]));
  }

  /** Its anonymous memory, in MB. */
  double memory() {
    String line =
        cluster.onNode(
            "sh",
            "-c",
            "for p in /proc/[0-9]*; do if tr '\\0' '\\n' < $p/environ 2>/dev/null | grep -qx"
                + " P2S_ROLE=operator; then grep RssAnon $p/status; fi; done | head -n 1");
    return Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024;
  }

  @Override
  public void close() {
    cordonOthers(false);
    cluster.tool("kubectl", "delete", "namespace", namespace, "--timeout=90s");
    if (node != null) {
      node.close();
    }
    if (!agents.isEmpty()) {
      EngineContainers.remove(List.of(agents));
    }
  }
}
