package dev.p2s.gateway;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Replaces the pods that run an earlier template, one after another, while one pod more takes their
 * clients: each pod's end is the same door as any other's, so that its clients are asked to move
 * before it ends. A function of what is seen; an operator that starts in the middle goes on.
 */
final class Rollout {

  /**
   * What is seen of a gateway's pods.
   *
   * @param replicas how many pods the spec asks for
   * @param mayAdd whether one more can serve meanwhile
   * @param serving pods that are ready and have reported that they follow the state
   * @param outdated pods that run an earlier template
   */
  record Seen(int replicas, boolean mayAdd, Set<String> serving, List<String> outdated) {}

  /**
   * What to do next.
   *
   * @param replicas how many pods there shall be now
   * @param replace the pod to take away, to be made anew by its StatefulSet
   * @param waitsFor pods that have to serve first
   */
  record Step(int replicas, Optional<String> replace, List<String> waitsFor) {}

  private Rollout() {}

  /**
   * @param gateway its name, with which its pods' names begin
   */
  static Step next(String gateway, Seen seen) {
    if (seen.outdated().isEmpty() || seen.replicas() == 0) {
      return new Step(seen.replicas(), Optional.empty(), List.of());
    }
    int replicas = seen.replicas() + (seen.mayAdd() ? 1 : 0);
    Set<String> waitsFor = new TreeSet<>();
    IntStream.range(0, replicas).mapToObj(i -> gateway + "-" + i).forEach(waitsFor::add);
    // one that does not serve is replaced all the same: the newer template may be its cure
    waitsFor.removeAll(seen.serving());
    waitsFor.removeAll(seen.outdated());
    if (!waitsFor.isEmpty()) {
      return new Step(replicas, Optional.empty(), List.copyOf(waitsFor));
    }
    // the one that was added last has the fewest clients to move a second time
    return new Step(
        replicas,
        seen.outdated().stream()
            .max(
                Comparator.comparing((String pod) -> !seen.serving().contains(pod))
                    .thenComparing(pod -> ordinal(gateway, pod))),
        List.of());
  }

  private static int ordinal(String gateway, String pod) {
    return Integer.parseInt(pod.substring(gateway.length() + 1));
  }
}
