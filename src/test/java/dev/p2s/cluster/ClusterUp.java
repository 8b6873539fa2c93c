package dev.p2s.cluster;

/** {@code make cluster-up}: starts a cluster that stays, or finds it running. */
public final class ClusterUp {

  private ClusterUp() {}

  public static void main(String[] arguments) {
    String name = arguments.length == 0 ? "dev" : arguments[0];
    try (TestCluster cluster = TestCluster.start(name, true)) {
      System.out.println("export KUBECONFIG=" + cluster.kubeconfig());
    }
    System.exit(0); // the engine client's threads are no daemons
  }
}
