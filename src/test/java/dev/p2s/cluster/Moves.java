package dev.p2s.cluster;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * How long people are without their tunnel when the pod that serves them leaves or dies: stock
 * OpenVPN clients with traffic at a gateway of two replicas on two nodes.
 */
public final class Moves implements AutoCloseable {

  private static final String NAMESPACE = "moves";

  /**
   * A client that dials again pauses for a second at least; what is shorter happened to one that
   * stayed.
   */
  private static final double PAUSE = 0.9;

  private final TwoNodes nodes;
  private final BusyGateway gateway;

  /**
   * @param cluster of one node, in which the operator is installed or not
   * @param people how many clients, 1–200
   */
  public Moves(TestCluster cluster, int people) {
    nodes = TwoNodes.of(cluster);
    gateway = new BusyGateway(nodes, NAMESPACE, people);
    gateway.open("172.31.213.0/24", 30947, 2);
  }

  /**
   * A pod is deleted, as a drain, a scale-down and an autoscaler do it.
   *
   * @return milliseconds of interruption of each client that moved, over all rounds
   */
  public List<Double> drained(int rounds) {
    List<Double> interruptions = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      String pod = fullest();
      String before = uid(pod);
      gateway.measureAnew();
      gateway.delete(pod);
      gateway.await("another pod", () -> !uid(pod).equals(before) && gateway.isReady(pod));
      interruptions.addAll(moved("pod deleted"));
    }
    return interruptions;
  }

  /** All processes of a pod are killed at once; the same figures. */
  public List<Double> killed(int rounds) {
    List<Double> interruptions = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      String pod = fullest();
      gateway.measureAnew();
      gateway.kill(pod);
      gateway.await("the pod's end", () -> !gateway.isReady(pod));
      gateway.await("the pod again", () -> gateway.isReady(pod));
      interruptions.addAll(moved("all processes of a pod killed"));
    }
    return interruptions;
  }

  /**
   * Both pods are replaced, one after another, while one more serves ({@code podUpdates: Rolling});
   * the same figures, of a client that moves twice the longer interruption.
   */
  public List<Double> upgraded(int rounds) {
    List<Double> interruptions = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      List<String> before = Stream.of("wide-0", "wide-1").map(this::uid).toList();
      gateway.measureAnew();
      // the grace period stands in the pods' template
      gateway.patch(
          "{\"podUpdates\": \"Rolling\", \"scaling\": {\"drainTimeoutSeconds\": %d}}"
              .formatted(301 + round));
      gateway.await(
          "two new pods and no other",
          () ->
              gateway.pod("wide-2").isEmpty()
                  && Stream.of("wide-0", "wide-1")
                      .allMatch(pod -> gateway.isReady(pod) && !before.contains(uid(pod))));
      interruptions.addAll(moved("rolling upgrade"));
    }
    return interruptions;
  }

  private List<Double> moved(String what) {
    gateway.awaitEverybodyCountedOnce();
    List<Double> moved =
        gateway.interruptions().stream().filter(seconds -> seconds > PAUSE).toList();
    if (moved.isEmpty()) {
      throw new AssertionError(what + " interrupted nobody");
    }
    Progress.say(
        "%s: %d moved; interruptions %.2f to %.2f s, median %.2f s",
        what, moved.size(), moved.getFirst(), moved.getLast(), moved.get(moved.size() / 2));
    return moved.stream().map(seconds -> seconds * 1000).toList();
  }

  private String fullest() {
    return Stream.of("wide-0", "wide-1").max(Comparator.comparing(gateway::sessions)).orElseThrow();
  }

  private String uid(String pod) {
    return gateway.pod(pod).map(one -> one.getMetadata().getUid()).orElse("");
  }

  @Override
  public void close() {
    gateway.close();
    nodes.close();
  }
}
