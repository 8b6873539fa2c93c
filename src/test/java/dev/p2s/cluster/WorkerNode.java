package dev.p2s.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/**
 * One more node of a {@link TestCluster}: a container of the same image, joined as kubeadm does it,
 * in a zone of its own. It goes with the run.
 */
public final class WorkerNode implements AutoCloseable {

  private static final Duration STEP = Duration.ofMinutes(2);

  private final TestCluster cluster;
  private final String name;
  private final NodeContainer container;

  private WorkerNode(TestCluster cluster, String name, String id) {
    this.cluster = cluster;
    this.name = name;
    this.container = new NodeContainer(id);
  }

  /**
   * Starts a node and waits until pods can run there.
   *
   * @param zone what its zone label says
   */
  static WorkerNode join(TestCluster cluster, String name, String zone) {
    Progress.say("node %s in %s joins (about 10 s)", name, zone);
    List<String> words =
        new ArrayList<>(
            List.of(
                "run",
                "-d",
                "--privileged",
                "--cgroupns=private",
                "--hostname",
                name,
                "--tmpfs",
                "/tmp",
                "--tmpfs",
                "/run",
                "-v",
                "/var/lib/containerd",
                "-v",
                "/lib/modules:/lib/modules:ro"));
    Map<String, String> labels = EngineContainers.ofThisRun();
    labels.forEach((key, value) -> words.addAll(List.of("--label", key + "=" + value)));
    words.addAll(List.of(TestCluster.nodeImage(), "/usr/local/bin/entrypoint", "/sbin/init"));
    String id = EngineContainers.docker(words.toArray(String[]::new)).strip();
    WorkerNode node = new WorkerNode(cluster, name, id);
    try {
      node.join();
      cluster.kubectl("label", "node", name, "--overwrite", "topology.kubernetes.io/zone=" + zone);
      return node;
    } catch (RuntimeException e) {
      node.close();
      throw e;
    }
  }

  private void join() {
    Awaitility.await("the container of node " + name)
        .atMost(STEP)
        .pollInterval(Duration.ofMillis(200))
        .until(
            () ->
                EngineContainers.docker("logs", container.id())
                    .contains("Reached target multi-user.target"));
    String command = cluster.onNode("kubeadm", "token", "create", "--print-join-command").strip();
    container.run("sh", "-c", command + " --node-name=" + name + " --ignore-preflight-errors=all");
    cluster.kubectl("wait", "node/" + name, "--for=condition=Ready", "--timeout=90s");
  }

  String name() {
    return name;
  }

  NodeContainer container() {
    return container;
  }

  /** It vanishes from the network without a word, as a machine does that loses power. */
  void vanish() {
    // before its sockets are closed, which would tell the others
    EngineContainers.docker("network", "disconnect", "--force", "bridge", container.id());
    EngineContainers.docker("kill", container.id());
  }

  @Override
  public void close() {
    EngineContainers.remove(List.of(container.id()));
  }
}
