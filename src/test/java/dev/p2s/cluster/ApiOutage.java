package dev.p2s.cluster;

import java.time.Duration;
import org.awaitility.Awaitility;

/** The time in which the cluster's API server does not run; its closing brings it back. */
final class ApiOutage implements AutoCloseable {

  // kindest/node runs it as a static pod, our node image as a process; started again as it was
  private static final String STOP =
      """
      set -e
      manifest=/etc/kubernetes/manifests/kube-apiserver.yaml
      if [ -e $manifest ]; then mv $manifest /kind/kube-apiserver.yaml; exit; fi
      pid=$(pgrep -x kube-apiserver)
      cat /proc/$pid/cmdline > /kind/kube-apiserver.cmdline
      readlink /proc/$pid/cwd > /kind/kube-apiserver.cwd
      kill -KILL $pid
      """;
  private static final String START =
      """
      set -e
      if [ -e /kind/kube-apiserver.yaml ]; then
        mv /kind/kube-apiserver.yaml /etc/kubernetes/manifests/
        exit
      fi
      mapfile -d '' -t words < /kind/kube-apiserver.cmdline
      cd "$(cat /kind/kube-apiserver.cwd)"
      setsid "${words[@]}" >> /var/log/kubernetes/kube-apiserver.log 2>&1 < /dev/null &
      """;

  private final TestCluster cluster;

  private ApiOutage(TestCluster cluster) {
    this.cluster = cluster;
  }

  /** Begins one; returns when nobody answers any more. */
  static ApiOutage begin(TestCluster cluster) {
    cluster.onNode("bash", "-c", STOP);
    await("the API server's end", () -> !answers(cluster));
    return new ApiOutage(cluster);
  }

  @Override
  public void close() {
    cluster.onNode("bash", "-c", START);
    await("the API server", () -> answers(cluster));
  }

  private static boolean answers(TestCluster cluster) {
    return cluster.tool("kubectl", "get", "--raw", "/readyz", "--request-timeout=2s").exitCode()
        == 0;
  }

  private static void await(String what, java.util.concurrent.Callable<Boolean> condition) {
    Awaitility.await(what)
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(300))
        .until(condition);
  }
}
