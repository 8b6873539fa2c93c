package dev.p2s.bench;

import dev.p2s.cluster.TestCluster;

/** A shell script that adds up the processor time of processes, in milliseconds. */
final class ProcessorTime {

  private ProcessorTime() {}

  /** What those of a cluster's node have used. */
  static long onNode(TestCluster cluster, String pattern) {
    return Long.parseLong(cluster.onNode("sh", "-c", of(pattern)).strip());
  }

  /**
   * @param pattern of an argument or a variable of the environment that the processes have
   */
  private static String of(String pattern) {
    return """
    sum=0
    for p in /proc/[0-9]*; do
      if cat $p/environ $p/cmdline 2> /dev/null | tr '\\0' '\\n' | grep -qxE '%s'; then
        set -- $(sed 's/.*) //' $p/stat)
        sum=$((sum + ${12} + ${13}))
      fi
    done
    echo $((sum * 10))
    """
        .formatted(pattern);
  }
}
