package dev.p2s.cluster;

import dev.p2s.agent.SimulatedAgents;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Gateways' pods on a node that is no machine: the real scheduler binds them, {@link
 * SimulatedAgents} in a container beside the cluster answer for them.
 */
final class SimulatedPods implements AutoCloseable {

  private static final String ADDRESSES = "198.18.0.0/16";
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

  /** Gets ready for gateways: what is made in the namespace from now on is simulated. */
  void prepare() {
    cluster.namespace(namespace, "privileged");
    agents = startAgents();
    node = new FakeNode(cluster.client(), namespace);
    cordonOthers(true);
  }

  /** Waits until every pod is bound and said to run; nothing else comes to the node. */
  void awaitRunning() {
    Office.await("every simulated pod", LONG, () -> pods() == replicas * gateways.size());
    node.full();
    cordonOthers(false);
  }

  /** What the agents have printed. */
  String said() {
    return agents.isEmpty() ? "" : EngineContainers.docker("logs", agents);
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
            "ip route add local "
                + ADDRESSES
                + " dev lo && exec java -Xmx512m -XX:+UseSerialGC -cp"
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
    // the operator may run on any of the cluster's nodes
    cluster.client().nodes().list().getItems().stream()
        .flatMap(one -> one.getStatus().getAddresses().stream())
        .filter(one -> one.getType().equals("InternalIP"))
        .flatMap(one -> NodeContainer.at(one.getAddress()).stream())
        .forEach(one -> one.run("ip", "route", "replace", ADDRESSES, "via", address));
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

  private void cordonOthers(boolean cordoned) {
    cluster.client().nodes().list().getItems().stream()
        .map(one -> one.getMetadata().getName())
        .filter(name -> !name.equals(FakeNode.NAME))
        .forEach(name -> cluster.kubectl(cordoned ? "cordon" : "uncordon", name));
  }

  private int pods() {
    return (int)
        cluster.client().pods().inNamespace(namespace).list().getItems().stream()
            .filter(pod -> pod.getStatus().getPodIP() != null)
            .count();
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
