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
import java.util.Optional;
import org.awaitility.Awaitility;
import org.opentest4j.TestAbortedException;

/**
 * A real Kubernetes of one node in a container, or the cluster of the current kubeconfig ({@code
 * CLUSTER=current}). Tests and demo use the same class. A cluster that a test run started goes with
 * its JVM; with {@code CLUSTER=<name>} it is kept and used again, as the demo's is until {@code
 * make demo-down}.
 */
public final class TestCluster implements AutoCloseable {

  /** The sample workload's image; every cluster that is started here has it. */
  public static final String ECHO_IMAGE = "p2s.test/echo:local";

  // ours writes files, kindest/node has systemd's journal
  private static final String KUBELET_LOG =
      "tail -n 15 /var/log/kubernetes/kubelet.log 2>/dev/null || journalctl -u kubelet -n 15";

  private static final Duration STEP = Duration.ofMinutes(30);

  private final Runnable stop;
  private final boolean keep;
  private final Optional<NodeContainer> node;
  private final List<String> volumes;
  private final Path kubeconfig;
  private final KubernetesClient client;
  private final String nodeAddress;

  private TestCluster(Runnable stop, boolean keep, Path kubeconfig) {
    this.stop = stop;
    this.keep = keep;
    this.kubeconfig = kubeconfig;
    this.client =
        new KubernetesClientBuilder().withConfig(Config.fromKubeconfig(read(kubeconfig))).build();
    this.nodeAddress =
        client.nodes().list().getItems().getFirst().getStatus().getAddresses().stream()
            .filter(address -> address.getType().equals("InternalIP"))
            .findFirst()
            .orElseThrow()
            .getAddress();
    this.node = NodeContainer.at(nodeAddress);
    this.volumes =
        keep ? List.of() : EngineContainers.volumes(node.orElseThrow(AssertionError::new).id());
  }

  /** The cluster of this test run; the first who asks waits for it. */
  public static TestCluster shared() {
    return Shared.CLUSTER;
  }

  private static final class Shared {

    private static final TestCluster CLUSTER = choose();

    private static TestCluster choose() {
      String chosen = System.getenv("CLUSTER");
      TestCluster cluster =
          chosen == null || chosen.isBlank()
              ? start("test", false)
              : chosen.equals("current")
                  ? new TestCluster(() -> {}, true, currentKubeconfig())
                  : start(chosen, true);
      Runtime.getRuntime().addShutdownHook(new Thread(cluster::close));
      return cluster;
    }
  }

  /**
   * Starts a cluster; several may run side by side.
   *
   * @param name lower-case letters, digits and dashes; names its kubeconfig file
   * @param keep whether it outlives this JVM; a kept one of the name is used again
   */
  public static TestCluster start(String name, boolean keep) {
    Progress.say("cluster %s: engine and node image", name);
    String image = nodeImage();
    Command.of("hack/echo-image", ECHO_IMAGE).run(STEP).required();
    EngineContainers.removeLeftovers();
    Progress.say("cluster %s: starting %s (about 10 s)", name, image);
    KindContainer<?> node = keep ? startKept(name, image) : startForThisRun(image);
    Path kubeconfig = kubeconfig(keep ? name : name + "-" + node.getContainerId());
    write(kubeconfig, node.getKubeconfig());
    TestCluster cluster = new TestCluster(node::stop, keep, kubeconfig);
    cluster.load(ECHO_IMAGE);
    Progress.say("cluster %s: ready, KUBECONFIG=%s", name, kubeconfig);
    return cluster;
  }

  /** The node image's name; it is pulled or built where the engine has not got it. */
  public static String nodeImage() {
    Command.of("hack/engine").run(STEP).required();
    Command.of("hack/base-image").run(STEP).required();
    return Command.of("hack/node-image").run(STEP).required().strip();
  }

  private static KindContainer<?> startForThisRun(String image) {
    KindContainer<?> node = node(image).withLabels(EngineContainers.ofThisRun());
    try {
      node.start();
      return node;
    } catch (RuntimeException e) {
      node.stop();
      throw e;
    }
  }

  private static KindContainer<?> startKept(String name, String image) {
    String running = EngineContainers.prepareKept(name, image);
    KindContainer<?> node = kept(name, image);
    node.start();
    if (running.isEmpty() || node.getContainerId().startsWith(running)) {
      return node;
    }
    // Made by another version of this class: Testcontainers took it for a different one.
    EngineContainers.removeKept(name);
    KindContainer<?> again = kept(name, image);
    again.start();
    return again;
  }

  private static KindContainer<?> kept(String name, String image) {
    KindContainer<?> node = node(image).withLabels(EngineContainers.ofKept(name));
    node.withReuse(true, "p2s-" + name);
    return node;
  }

  private static KindContainer<?> node(String image) {
    return new KindContainer<>(
            new KubernetesImageSpec<>(KindContainerVersion.VERSION_1_34_0).withImage(image))
        .withNodeReadyTimeout(Duration.ofMinutes(2));
  }

  public KubernetesClient client() {
    return client;
  }

  public Path kubeconfig() {
    return kubeconfig;
  }

  /** Where a kept cluster's kubeconfig lies while it is up. */
  public static Path kubeconfig(String name) {
    return cache().resolve(name + ".kubeconfig");
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
        .serverSideApply();
    Awaitility.await("the default service account of " + name)
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> client.serviceAccounts().inNamespace(name).withName("default").get() != null);
  }

  /**
   * Brings local images into the node, those that it has not got in the same version; where the
   * node is no container of this engine they have to be pushed before.
   */
  public void load(String... images) {
    node.ifPresent(container -> List.of(images).forEach(container::load));
  }

  /**
   * Does a load balancer's work: a Service of type LoadBalancer gets an address.
   *
   * @return true, once the Service is there
   */
  boolean giveAddress(String namespace, String service, String address) {
    kubectl(
        "-n",
        namespace,
        "patch",
        "service",
        service,
        "--subresource=status",
        "--type=merge",
        "-p",
        "{\"status\":{\"loadBalancer\":{\"ingress\":[{\"ip\":\"" + address + "\"}]}}}");
    return true;
  }

  /**
   * Merges JSON into a gateway.
   *
   * @param json of the whole object, such as {@code {"spec": …}}
   */
  public void patchGateway(String namespace, String name, String json) {
    kubectl("-n", namespace, "patch", "p2sgateway", name, "--type=merge", "-p", json);
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
    words.add(tools() + "/" + name);
    words.addAll(Arrays.asList(arguments));
    return Command.of(words).with("KUBECONFIG", kubeconfig.toString()).run(Duration.ofMinutes(5));
  }

  /** The folder with kubectl and helm, which are built or fetched where the machine has none. */
  public static String tools() {
    return Command.of("hack/tools").run(STEP).required().strip();
  }

  /** Waits until a pod is Ready, a minute at most. */
  public void awaitPod(String namespace, String name) {
    kubectl("wait", "pod/" + name, "-n", namespace, "--for=condition=Ready", "--timeout=60s");
  }

  /** Runs a program on the node; a test that has to is skipped where it cannot be reached. */
  public String onNode(String... words) {
    return node.orElseThrow(
            () -> new TestAbortedException("the node is no container of this engine"))
        .run(words);
  }

  /** What a person needs to see of a namespace when a test failed. */
  public String diagnose(String namespace) {
    StringBuilder out = new StringBuilder();
    for (List<String> arguments :
        List.of(
            List.of("get", "all,p2sgateways,rootcertificates,clientprofiles", "-o", "wide"),
            List.of("get", "events", "--sort-by=.lastTimestamp"),
            List.of("describe", "p2sgateways,rootcertificates,clientprofiles"),
            List.of("logs", "--all-containers", "--prefix", "--tail=60", "-l", "!every-pod"))) {
      List<String> words = new ArrayList<>(List.of("-n", namespace));
      words.addAll(arguments);
      Command.Result result = tool("kubectl", words.toArray(String[]::new));
      out.append("--- kubectl ").append(String.join(" ", words)).append('\n');
      out.append(result.output()).append(result.errors());
    }
    node.ifPresent(
        container ->
            out.append("--- the node's kubelet\n").append(container.run("sh", "-c", KUBELET_LOG)));
    return out.toString();
  }

  /** Ends what ends with this run; a kept cluster and the current one go on. */
  @Override
  public void close() {
    client.close();
    if (!keep) {
      stop.run();
      // At the JVM's end Testcontainers removes containers as well; who comes second finds the
      // volume in use and would leave it behind.
      EngineContainers.removeVolumes(volumes);
      delete(kubeconfig);
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

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
