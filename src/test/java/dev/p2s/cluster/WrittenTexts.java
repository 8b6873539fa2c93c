package dev.p2s.cluster;

/** All that a gateway and the operator write where somebody may read it. */
final class WrittenTexts {

  private WrittenTexts() {}

  /** Logs of every container, objects but Secrets, events and meters. */
  static String of(TestCluster cluster, String namespace, String pod) {
    return cluster.kubectl("-n", namespace, "logs", pod, "--all-containers", "--prefix")
        + cluster.kubectl(
            "-n",
            Installation.NAMESPACE,
            "logs",
            "-l",
            "app.kubernetes.io/name=p2s-gateway-operator",
            "--tail=-1")
        + cluster.kubectl(
            "-n",
            namespace,
            "get",
            "p2sgateways,clientprofiles,events,pods,statefulsets,services,configmaps",
            "-o",
            "yaml")
        + cluster.kubectl(
            "get",
            "--raw",
            "/api/v1/namespaces/" + namespace + "/pods/" + pod + ":8080/proxy/q/metrics");
  }
}
