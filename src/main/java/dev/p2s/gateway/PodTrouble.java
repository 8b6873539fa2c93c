package dev.p2s.gateway;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Why a gateway's pods cannot be made, placed or started, in the words of who refuses. */
final class PodTrouble {

  private static final Set<String> WAITING_FOR_GOOD =
      Set.of(
          "ErrImagePull",
          "ImagePullBackOff",
          "ErrImageNeverPull",
          "InvalidImageName",
          "CreateContainerConfigError",
          "CreateContainerError",
          "RunContainerError",
          "CrashLoopBackOff");

  private PodTrouble() {}

  /**
   * @param failedCreate the API server's newest refusal to make a pod, from the StatefulSet's
   *     events
   */
  static Optional<String> of(List<Pod> pods, Optional<String> failedCreate) {
    return Stream.concat(
            failedCreate.stream()
                .map(
                    message ->
                        "pods are refused: "
                            + message
                            + (message.contains("PodSecurity")
                                ? "; a gateway's namespace needs the label"
                                    + " pod-security.kubernetes.io/enforce=privileged"
                                : "")),
            pods.stream().flatMap(PodTrouble::stuck))
        .findFirst();
  }

  private static Stream<String> stuck(Pod pod) {
    if (pod.getStatus() == null) {
      return Stream.empty();
    }
    Stream<String> unplaced =
        pod.getStatus().getConditions().stream()
            .filter(c -> c.getType().equals("PodScheduled") && c.getStatus().equals("False"))
            .map(c -> "pod " + pod.getMetadata().getName() + " has no node: " + c.getMessage());
    Stream<String> refusedByKubelet =
        "Failed".equals(pod.getStatus().getPhase()) && pod.getStatus().getReason() != null
            ? Stream.of(
                "pod "
                    + pod.getMetadata().getName()
                    + ": "
                    + pod.getStatus().getReason()
                    + " "
                    + Objects.toString(pod.getStatus().getMessage(), ""))
            : Stream.empty();
    Stream<String> waiting =
        Stream.concat(
                pod.getStatus().getInitContainerStatuses().stream(),
                pod.getStatus().getContainerStatuses().stream())
            .filter(PodTrouble::waitsForGood)
            .map(
                status ->
                    "container "
                        + status.getName()
                        + " of pod "
                        + pod.getMetadata().getName()
                        + ": "
                        + status.getState().getWaiting().getReason()
                        + " "
                        + Objects.toString(status.getState().getWaiting().getMessage(), ""));
    return Stream.of(unplaced, refusedByKubelet, waiting).flatMap(s -> s);
  }

  private static boolean waitsForGood(ContainerStatus status) {
    return status.getState() != null
        && status.getState().getWaiting() != null
        && WAITING_FOR_GOOD.contains(
            Objects.toString(status.getState().getWaiting().getReason(), ""));
  }
}
