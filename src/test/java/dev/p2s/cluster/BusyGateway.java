package dev.p2s.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.awaitility.core.ConditionTimeoutException;

/**
 * The gateway {@code wide} of a {@link TwoNodes}, with stock OpenVPN clients that send through it
 * all the time: whatever happens to its pods shows as interruptions. What is behind the gateway
 * stays on the first node.
 */
final class BusyGateway implements AutoCloseable {

  static final String NAME = "wide";

  private static final Duration PATIENCE = Duration.ofMinutes(4);

  private static final String SPEC =
      """
      clientAddressPools: [%s]
      exposure: {type: NodePort, nodePort: %d, address: %s}
      openVpn: {processes: 2}
      """;

  private final TwoNodes nodes;
  private final String namespace;
  private final ManyClients people;
  private final int count;

  /**
   * @param people how many clients, 1–200
   */
  BusyGateway(TwoNodes nodes, String namespace, int people) {
    this.nodes = nodes;
    this.namespace = namespace;
    this.count = people;
    this.people = new ManyClients(people);
  }

  /**
   * Makes it, its first pod on the second node, and lets everybody dial and send.
   *
   * @param pool for as many addresses as there are clients
   */
  void open(String pool, int nodePort, int replicas) {
    TestCluster cluster = nodes.cluster();
    cluster.namespace(namespace, "privileged");
    cluster.kubectl("cordon", TwoNodes.SECOND);
    String echo = nodes.echo(namespace);
    cluster.kubectl("uncordon", TwoNodes.SECOND);
    cluster.kubectl("cordon", nodes.first());
    nodes
        .installation()
        .applyText(
            CarolsGateway.manifests(
                namespace, NAME, SPEC.formatted(pool, nodePort, cluster.nodeAddress())));
    nodes.installation().awaitReady(namespace, NAME);
    cluster.kubectl("uncordon", nodes.first());
    scale(replicas);
    people.dial(nodes.installation().ovpn(namespace, CarolsGateway.PERSON));
    await("everybody's tunnel", () -> people.up() == count);
    people.send(echo);
    awaitAnswers();
  }

  /** Returns once all of so many replicas serve. */
  void scale(int replicas) {
    nodes
        .cluster()
        .kubectl("-n", namespace, "scale", "p2sgateway/" + NAME, "--replicas=" + replicas);
    await(
        replicas + " replicas",
        () -> pod(NAME + "-" + replicas).isEmpty() && isReady(NAME + "-" + (replicas - 1)));
    nodes.installation().awaitReady(namespace, NAME);
  }

  void patch(String spec) {
    nodes.cluster().patchGateway(namespace, NAME, "{\"spec\": " + spec + "}");
  }

  /** Asks for a pod's end, and does not wait for it. */
  void delete(String pod) {
    nodes.cluster().kubectl("-n", namespace, "delete", "pod", pod, "--wait=false");
  }

  /** Ends all processes of a pod as a crash would. */
  void kill(String pod) {
    nodes.on(nodeOf(pod).orElseThrow(), NodeTasks.killContainers(pod));
  }

  void measureAnew() {
    people.measureAnew();
  }

  void awaitAnswers() {
    await("answers in every tunnel", () -> people.answered() == count);
  }

  void awaitEverybodyCountedOnce() {
    await("everybody counted once", () -> nodes.live(namespace, NAME) == count);
  }

  /**
   * The longest interruption of each client since the last {@link #measureAnew}, in seconds,
   * shortest first. Each interruption counts alone, also of a client that moved twice.
   */
  List<Double> interruptions() {
    awaitAnswers();
    assertThat(people.running()).as("clients that run").isEqualTo(count);
    return people.longestGaps();
  }

  Optional<Pod> pod(String name) {
    return nodes.pod(namespace, name);
  }

  /** Where a pod runs, as long as it is to stay. */
  Optional<String> nodeOf(String name) {
    return staying(name).map(pod -> pod.getSpec().getNodeName());
  }

  Optional<Pod> staying(String name) {
    return pod(name).filter(pod -> pod.getMetadata().getDeletionTimestamp() == null);
  }

  boolean isReady(String name) {
    return nodes.isReady(namespace, name);
  }

  int sessions(String pod) {
    return nodes.installation().sessionsAt(namespace, pod);
  }

  void await(String what, Callable<Boolean> condition) {
    try {
      Office.await(what, PATIENCE, condition);
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(
          what
              + " did not come; tunnels: "
              + people.up()
              + "\n"
              + people.log(0)
              + nodes.cluster().diagnose(namespace),
          e);
    }
  }

  @Override
  public void close() {
    people.close();
    nodes.cluster().tool("kubectl", "uncordon", TwoNodes.SECOND);
    nodes.cluster().kubectl("delete", "namespace", namespace, "--wait=false");
  }
}
