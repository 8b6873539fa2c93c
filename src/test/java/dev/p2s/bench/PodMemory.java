package dev.p2s.bench;

import dev.p2s.cluster.TestCluster;
import java.util.List;

/** Anonymous memory of the processes that run on the cluster's node. */
final class PodMemory {

  private static final String ANONYMOUS =
      """
      for p in /proc/[0-9]*; do
        if cat $p/environ $p/cmdline 2> /dev/null | tr '\\0' '\\n' | grep -qxE '%s'; then
          grep RssAnon $p/status
        fi
      done
      """;

  private final TestCluster cluster;

  PodMemory(TestCluster cluster) {
    this.cluster = cluster;
  }

  /** MB of all processes with such a variable or argument together. */
  double total(String pattern) {
    return java.util.Arrays.stream(of(pattern).sorted()).sum();
  }

  /** MB of each process with such a variable or argument. */
  Samples of(String pattern) {
    String lines = cluster.onNode("sh", "-c", ANONYMOUS.formatted(pattern));
    List<Double> values =
        lines
            .lines()
            .map(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024)
            .toList();
    return Samples.of("MB", values);
  }
}
