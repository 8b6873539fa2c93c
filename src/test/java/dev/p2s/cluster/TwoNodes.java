package dev.p2s.cluster;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Optional;

/**
 * A cluster of two nodes in two zones with the operator in it. The first node has the control
 * plane, CoreDNS and the operator; the second one is there to be drained.
 */
final class TwoNodes implements AutoCloseable {

  static final String FIRST_ZONE = "zone-a";
  static final String SECOND_ZONE = "zone-b";
  static final String SECOND = "second";

  private final TestCluster cluster;
  private final Installation installation;
  private final WorkerNode second;

  private TwoNodes(TestCluster cluster) {
    this.cluster = cluster;
    installation = new Installation(cluster).install();
    cluster.kubectl("label", "node", first(), "topology.kubernetes.io/zone=" + FIRST_ZONE);
    second = join(SECOND, SECOND_ZONE);
  }

  private static final class Shared {
    private static final TwoNodes CLUSTER = start();

    private static TwoNodes start() {
      TestCluster cluster = TestCluster.start("two-nodes", false);
      Runtime.getRuntime().addShutdownHook(new Thread(cluster::close));
      TwoNodes nodes = new TwoNodes(cluster);
      Runtime.getRuntime().addShutdownHook(new Thread(nodes.second::close));
      return nodes;
    }
  }

  /** That of this run, for the tests that need two; the first who asks waits for it. */
  static TwoNodes shared() {
    return Shared.CLUSTER;
  }

  /** A second node for a cluster that has one; it goes with {@link #close}. */
  static TwoNodes of(TestCluster cluster) {
    return new TwoNodes(cluster);
  }

  /** One more node, with all that gateway pods need there. */
  WorkerNode join(String name, String zone) {
    WorkerNode node = WorkerNode.join(cluster, name, zone);
    for (String image :
        List.of(
            Installation.OPERATOR_IMAGE,
            Installation.OPENVPN_IMAGE,
            Installation.STRONGSWAN_IMAGE,
            TestCluster.ECHO_IMAGE)) {
      node.container().load(image);
    }
    return node;
  }

  TestCluster cluster() {
    return cluster;
  }

  Installation installation() {
    return installation;
  }

  /** The first node's name. */
  String first() {
    return cluster.client().nodes().list().getItems().stream()
        .filter(node -> address(node).equals(cluster.nodeAddress()))
        .map(node -> node.getMetadata().getName())
        .findFirst()
        .orElseThrow();
  }

  /** Where the nodes are. */
  List<String> addresses() {
    return cluster.client().nodes().list().getItems().stream().map(TwoNodes::address).toList();
  }

  /** How many sessions the operator counts just now, over all pods of a gateway. */
  int live(String namespace, String gateway) {
    return cluster
        .kubectl(
            "get",
            "--raw",
            "/api/v1/namespaces/"
                + Installation.NAMESPACE
                + "/services/"
                + Installation.RELEASE
                + "-metrics:8080/proxy/q/metrics")
        .lines()
        .filter(line -> line.startsWith("p2s_gateway_connections{"))
        .filter(line -> line.contains("gateway=\"" + gateway + "\""))
        .filter(line -> line.contains("namespace=\"" + namespace + "\""))
        .mapToInt(line -> (int) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** A pod that answers, where pods may come just now; its address. */
  String echo(String namespace) {
    installation.applyText(
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: echo, namespace: %s}
        spec:
          selector: {matchLabels: {app: echo}}
          template:
            metadata: {labels: {app: echo}}
            spec:
              containers: [{name: echo, image: "%s", imagePullPolicy: IfNotPresent}]
        """
            .formatted(namespace, TestCluster.ECHO_IMAGE));
    cluster.kubectl("rollout", "status", "deployment/echo", "-n", namespace, "--timeout=60s");
    return cluster
        .client()
        .pods()
        .inNamespace(namespace)
        .withLabel("app", "echo")
        .list()
        .getItems()
        .getFirst()
        .getStatus()
        .getPodIP();
  }

  /** A pod, as long as there is one. */
  Optional<Pod> pod(String namespace, String name) {
    return Optional.ofNullable(cluster.client().pods().inNamespace(namespace).withName(name).get());
  }

  boolean isReady(String namespace, String name) {
    return pod(namespace, name)
        .filter(
            pod ->
                pod.getStatus().getConditions().stream()
                    .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True")))
        .isPresent();
  }

  /** Runs a program on the node of a name. */
  String on(String node, String... words) {
    return node.equals(SECOND) ? second.container().run(words) : cluster.onNode(words);
  }

  private static String address(Node node) {
    return node.getStatus().getAddresses().stream()
        .filter(address -> address.getType().equals("InternalIP"))
        .findFirst()
        .orElseThrow()
        .getAddress();
  }

  /** The second node leaves the cluster. */
  @Override
  public void close() {
    cluster.tool("kubectl", "delete", "node", SECOND, "--wait=false");
    second.close();
  }
}
