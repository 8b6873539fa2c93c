package dev.p2s.cluster;

import com.dajudge.kindcontainer.KindContainer;
import com.dajudge.kindcontainer.KindContainerVersion;
import com.dajudge.kindcontainer.KubernetesImageSpec;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.awaitility.Awaitility;
import org.testcontainers.containers.Container;

/**
 * A real Kubernetes of one node in a container, or the cluster of the current kubeconfig ({@code
 * CLUSTER=current}). Tests and demo use the same class. A cluster that a test run started goes with
 * its JVM; with {@code CLUSTER=<name>} it is kept and used again, as the demo's is until {@code
 * make demo-down}.
 */
public final class TestCluster implements AutoCloseable {

  /** Label of every container that a test run made; the next run removes what a killed one left. */
  static final String LABEL = "dev.p2s.test-cluster";

  private static final Duration STEP = Duration.ofMinutes(20);

  private static TestCluster shared;

  private final KindContainer<?> node;
  private final Path kubeconfig;
  private final KubernetesClient client;
  private final String nodeAddress;

  private TestCluster(KindContainer<?> node, Path kubeconfig) {
    this.node = node;
    this.kubeconfig = kubeconfig;
    this.client =
        new KubernetesClientBuilder().withConfig(Config.fromKubeconfig(read(kubeconfig))).build();
    this.nodeAddress =
        client.nodes().list().getItems().getFirst().getStatus().getAddresses().stream()
            .filter(address -> address.getType().equals("InternalIP"))
            .findFirst()
            .orElseThrow()
            .getAddress();
  }

  /** The cluster of this test run; started by the first who asks. */
  public static synchronized TestCluster shared() {
    if (shared == null) {
      if ("current".equals(System.getenv("CLUSTER"))) {
        shared = new TestCluster(null, currentKubeconfig());
      } else if (System.getenv("CLUSTER") != null) {
        shared = start(System.getenv("CLUSTER"), true);
        return shared;
      } else {
        removeLeftovers();
        shared = start("test", false);
      }
      Runtime.getRuntime().addShutdownHook(new Thread(shared::close));
    }
    return shared;
  }

  /**
   * Starts a cluster.
   *
   * @param name for its kubeconfig file
   * @param keep whether it outlives this JVM; a kept one of the name is used again
   */
  public static TestCluster start(String name, boolean keep) {
    Progress.say("cluster %s: engine and node image", name);
    Command.of("hack/engine").run(STEP).required();
    Command.of("hack/base-image").run(STEP).required();
    String image = Command.of("hack/node-image").run(STEP).required().strip();
    Progress.say("cluster %s: starting %s", name, image);
    KindContainer<?> node =
        new KindContainer<>(
                new KubernetesImageSpec<>(KindContainerVersion.VERSION_1_34_0).withImage(image))
            .withLabel(LABEL, keep ? "kept" : "test")
            .withNodeReadyTimeout(Duration.ofMinutes(2));
    if (keep) {
      node.withReuse(true, "p2s-" + name);
    }
    node.start();
    Path kubeconfig = cache().resolve(name + ".kubeconfig");
    write(kubeconfig, node.getKubeconfig());
    TestCluster cluster = new TestCluster(node, kubeconfig);
    Progress.say("cluster %s: ready, KUBECONFIG=%s", name, kubeconfig);
    return cluster;
  }

  public KubernetesClient client() {
    return client;
  }

  public Path kubeconfig() {
    return kubeconfig;
  }

  /** The node's address, which containers on the engine's default network reach. */
  public String nodeAddress() {
    return nodeAddress;
  }

  /**
   * Makes a namespace that pods can be made in at once.
   *
   * @param podSecurity what Pod Security admission enforces; gateways need {@code privileged}
   */
  public void namespace(String name, String podSecurity) {
    client
        .resource(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName(name)
                .addToLabels("pod-security.kubernetes.io/enforce", podSecurity)
                .endMetadata()
                .build())
        .create();
    Awaitility.await("the default service account of " + name)
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> client.serviceAccounts().inNamespace(name).withName("default").get() != null);
  }

  /** Brings local images into the node; with the current cluster they have to be pushed before. */
  public void load(String... images) {
    if (node == null) {
      return;
    }
    for (String image : images) {
      Progress.say("loading %s into the node", image);
      String id = node.getContainerId();
      Command.of(
              "bash",
              "-c",
              "set -o pipefail; docker save \"$0\" | docker exec -i \"$1\" ctr -n k8s.io images import -",
              image,
              id)
          .run(STEP)
          .required();
    }
  }

  public String kubectl(String... arguments) {
    return tool("kubectl", arguments).required();
  }

  public String helm(String... arguments) {
    return tool("helm", arguments).required();
  }

  /** Runs kubectl or helm against this cluster. */
  public Command.Result tool(String name, String... arguments) {
    List<String> words = new ArrayList<>();
    words.add(Command.of("hack/tools").run(STEP).required().strip() + "/" + name);
    words.addAll(Arrays.asList(arguments));
    return Command.of(words).with("KUBECONFIG", kubeconfig.toString()).run(Duration.ofMinutes(5));
  }

  /** Runs a program on the node. */
  public String onNode(String... words) {
    try {
      Container.ExecResult result = node.execInContainer(words);
      if (result.getExitCode() != 0) {
        throw new IllegalStateException(result.getStdout() + result.getStderr());
      }
      return result.getStdout();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** What a person needs to see of a namespace when a test failed. */
  public String diagnose(String namespace) {
    StringBuilder out = new StringBuilder();
    for (List<String> arguments :
        List.of(
            List.of("get", "all,p2sgateways,rootcertificates,clientprofiles", "-o", "wide"),
            List.of("get", "events", "--sort-by=.lastTimestamp"),
            List.of("describe", "p2sgateways,rootcertificates,clientprofiles"),
            List.of(
                "logs", "--all-containers", "--prefix", "--tail=60", "-l", "p2s.dev/gateway"))) {
      List<String> words = new ArrayList<>(List.of("-n", namespace));
      words.addAll(arguments);
      Command.Result result = tool("kubectl", words.toArray(String[]::new));
      out.append("--- kubectl ").append(String.join(" ", words)).append('\n');
      out.append(result.output()).append(result.errors());
    }
    return out.toString();
  }

  @Override
  public void close() {
    client.close();
    if (node != null) {
      node.stop();
    }
  }

  static Path cache() {
    String set = System.getenv("P2S_CACHE");
    Path cache =
        set != null
            ? Path.of(set)
            : Path.of(System.getProperty("user.home"), ".cache", "p2s-gateway");
    try {
      return Files.createDirectories(cache);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void removeLeftovers() {
    Command.of("hack/engine").run(STEP).required();
    Command.of(
            "bash",
            "-c",
            "docker ps -aq --filter label=" + LABEL + "=test | xargs -r docker rm -fv")
        .run(STEP)
        .required();
  }

  private static Path currentKubeconfig() {
    String set = System.getenv("KUBECONFIG");
    return set != null ? Path.of(set) : Path.of(System.getProperty("user.home"), ".kube", "config");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
