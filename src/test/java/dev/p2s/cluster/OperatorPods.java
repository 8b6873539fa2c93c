package dev.p2s.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The operator's replicas: what they use, as the kernel counts it, and what they have done. */
final class OperatorPods {

  private static final long MILLIS_A_TICK = 10;

  private final TestCluster cluster;

  OperatorPods(TestCluster cluster) {
    this.cluster = cluster;
  }

  /** Processor time of all replicas together since each one's start. */
  long cpuMillis() {
    return running().stream().mapToLong(this::ticks).sum() * MILLIS_A_TICK;
  }

  /** Anonymous memory of the replica that has most of it, in MB. */
  double megabytes() {
    return running().stream()
        .map(pod -> inside(pod, "grep", "RssAnon", "/proc/1/status"))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024)
        .max()
        .orElseThrow();
  }

  /** A process of the operator and when it was started, to the second. */
  record Started(String pod, Instant at) {}

  /** Ends the only replica, and waits until another one's process runs. */
  Started replace() {
    String before = running().getFirst().getMetadata().getName();
    cluster.kubectl("-n", Installation.NAMESPACE, "delete", "pod", before, "--wait=false");
    Office.await("another operator", Duration.ofMinutes(2), () -> another(before).isPresent());
    Pod pod = another(before).orElseThrow();
    return new Started(
        pod.getMetadata().getName(),
        Instant.parse(
            pod.getStatus()
                .getContainerStatuses()
                .getFirst()
                .getState()
                .getRunning()
                .getStartedAt()));
  }

  /**
   * Has another pod take over from the only one, as an upgrade does: it is there and ready before
   * the first is told to end. Its name, and when that was.
   */
  Started succeed() {
    String before = running().getFirst().getMetadata().getName();
    cluster.kubectl(
        "-n",
        Installation.NAMESPACE,
        "rollout",
        "restart",
        "deployment",
        "-l",
        "app.kubernetes.io/name=p2s-gateway-operator");
    Office.await(
        "the end of " + before,
        Duration.ofMinutes(3),
        () -> running().stream().noneMatch(pod -> pod.getMetadata().getName().equals(before)));
    Instant told = Instant.now();
    return new Started(another(before).orElseThrow().getMetadata().getName(), told);
  }

  private Optional<Pod> another(String before) {
    return running().stream()
        .filter(pod -> !pod.getMetadata().getName().equals(before))
        .filter(
            pod ->
                pod.getStatus().getContainerStatuses().stream()
                    .allMatch(container -> container.getState().getRunning() != null))
        .findFirst();
  }

  /** How often a replica has reconciled anything; 0 as long as it does not answer. */
  double reconciliations(String pod) {
    return cluster
        .tool(
            "kubectl",
            "get",
            "--raw",
            "/api/v1/namespaces/"
                + Installation.NAMESPACE
                + "/pods/"
                + pod
                + ":8080/proxy/q/metrics")
        .output()
        .lines()
        .filter(line -> line.contains("controller") && !line.startsWith("#"))
        .filter(line -> line.contains("success") && line.contains("_total"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** The end of what they have logged. */
  String log() {
    return cluster
        .tool(
            "kubectl",
            "logs",
            "-n",
            Installation.NAMESPACE,
            "--prefix",
            "--tail=60",
            "-l",
            "app.kubernetes.io/name=p2s-gateway-operator")
        .output();
  }

  private long ticks(Pod pod) {
    // user and system time: the 14th and 15th word, of which the second is the name in brackets
    String[] words = inside(pod, "cat", "/proc/1/stat").replaceFirst(".*\\) ", "").split(" ");
    return Long.parseLong(words[11]) + Long.parseLong(words[12]);
  }

  private String inside(Pod pod, String... words) {
    List<String> command =
        new ArrayList<>(
            List.of("-n", Installation.NAMESPACE, "exec", pod.getMetadata().getName(), "--"));
    command.addAll(List.of(words));
    return cluster.kubectl(command.toArray(String[]::new)).strip();
  }

  private List<Pod> running() {
    return cluster
        .client()
        .pods()
        .inNamespace(Installation.NAMESPACE)
        .withLabel("app.kubernetes.io/name", "p2s-gateway-operator")
        .list()
        .getItems()
        .stream()
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        .filter(pod -> "Running".equals(pod.getStatus().getPhase()))
        .toList();
  }
}
