package dev.p2s.cluster;

/** Commands for a node that end its containers' processes as a crash would. */
final class NodeTasks {

  private static final String KILL = "ctr -n k8s.io task kill -s SIGKILL ";

  private NodeTasks() {}

  /**
   * @param containerId as a pod's status has it
   */
  static String[] kill(String containerId) {
    return (KILL + containerId.replaceFirst("^.*://", "")).split(" ", -1);
  }

  /** Ends all of a pod, the sandbox that holds its address too. */
  static String[] killPod(String pod) {
    return killAll("labels.\"io.kubernetes.pod.name\"==" + pod);
  }

  /** Ends all of a pod's containers; its address stays. */
  static String[] killContainers(String pod) {
    return killAll(
        "labels.\"io.kubernetes.pod.name\"=="
            + pod
            + ",labels.\"io.cri-containerd.kind\"==container");
  }

  private static String[] killAll(String filter) {
    String each = "for c in $(ctr -n k8s.io containers ls -q '" + filter + "'); do ";
    return new String[] {"sh", "-c", each + KILL + "$c & done; wait"};
  }
}
