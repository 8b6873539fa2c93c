package dev.p2s.gateway;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One more replica for a gateway of one whose node is cordoned or that is evicted, so that its
 * clients have somewhere to go before it ends: a function of what is seen. The added one leaves
 * when the first serves again where it may stay.
 */
final class Evacuation {

  private Evacuation() {}

  /**
   * How many pods there shall be.
   *
   * @param asked by the spec
   * @param mayAdd whether one more can serve
   * @param staying the gateway's pods that stay
   * @param leaving those that are on their way out
   */
  static int replicas(
      int asked, boolean mayAdd, List<Pod> staying, List<Pod> leaving, ClusterNodes nodes) {
    if (asked != 1 || !mayAdd) {
      return asked;
    }
    Optional<Pod> first = first(staying);
    boolean hasToGo =
        first.filter(nodes::isCordoned).isPresent()
            || first(leaving).filter(Evacuation::isEvicted).isPresent();
    boolean addedServes = ordinal(staying, 1).filter(GatewayStatusFactory::isReady).isPresent();
    boolean firstServes = first.filter(GatewayStatusFactory::isReady).isPresent();
    return hasToGo || (addedServes && !firstServes) ? 2 : 1;
  }

  private static Optional<Pod> first(List<Pod> pods) {
    return ordinal(pods, 0);
  }

  private static Optional<Pod> ordinal(List<Pod> pods, int ordinal) {
    return pods.stream()
        .filter(pod -> Ordinal.of(pod).filter(i -> i == ordinal).isPresent())
        .findFirst();
  }

  /** What the eviction API, preemption and the taint manager write on a pod that they take. */
  private static boolean isEvicted(Pod pod) {
    return pod.getStatus() != null
        && Stream.ofNullable(pod.getStatus().getConditions())
            .flatMap(List::stream)
            .anyMatch(
                condition ->
                    condition.getType().equals("DisruptionTarget")
                        && condition.getStatus().equals("True"));
  }
}
