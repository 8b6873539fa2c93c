package dev.p2s.bench;

import dev.p2s.cluster.TestCluster;
import dev.p2s.cluster.VpnClient;

/** A pod behind the gateways in which iperf3 listens. */
final class FloodPod {

  private static final String NAME = "flood";

  private FloodPod() {}

  /** Makes it where it is not there yet; its address. */
  static String in(TestCluster cluster, String namespace) {
    cluster.load(VpnClient.IMAGE);
    cluster
        .client()
        .resource(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: %s, namespace: %s}
            spec:
              containers:
                - name: iperf3
                  image: %s
                  imagePullPolicy: IfNotPresent
                  command: [iperf3, -s]
            """
                .formatted(NAME, namespace, VpnClient.IMAGE))
        .serverSideApply();
    cluster.awaitPod(namespace, NAME);
    return cluster
        .client()
        .pods()
        .inNamespace(namespace)
        .withName(NAME)
        .get()
        .getStatus()
        .getPodIP();
  }
}
