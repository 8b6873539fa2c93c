package dev.p2s.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.api.v1alpha1.P2SGateway;
import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The cluster's own autoscaler goes by the connections that the operator serves as a metric. Time
 * budget: 150 s beside the installation.
 */
class AutoscalingClusterIT {

  private static final String NAMESPACE = "autoscaling";
  private static final String METRIC =
      "/apis/external.metrics.k8s.io/v1beta1/namespaces/" + NAMESPACE + "/p2s_gateway_connections";

  private static Office office;
  private static TestCluster cluster;
  private static List<VpnClient> clients = List.of();

  @BeforeAll
  static void aGatewayThatMayGrow() {
    office = Office.ready();
    cluster = office.cluster();
    office.installation().helmUpgrade("--set", "metricsApi.enabled=true");
    cluster.namespace(NAMESPACE, "privileged");
    String objects =
        """
        apiVersion: p2s.dev/v1alpha1
        kind: P2SGateway
        metadata: {name: growing, namespace: %1$s}
        spec:
          sku: {custom: {connections: 6}}
          clientAddressPools: [172.31.211.0/27]
          exposure: {type: NodePort, nodePort: 30944}
          openVpn: {processes: 1}
          scaling: {maxReplicas: 2, targetConnectionsPerReplica: 1}
        ---
        apiVersion: p2s.dev/v1alpha1
        kind: RootCertificate
        metadata: {name: growing-root, namespace: %1$s}
        spec:
          gatewayRef: {name: growing}
          selfSigned: {commonName: Growing VPN root}
        ---
        apiVersion: p2s.dev/v1alpha1
        kind: ClientProfile
        metadata: {name: carol, namespace: %1$s}
        spec:
          gatewayRef: {name: growing}
          user: carol@example.com
          certificate: {issued: {rootRef: {name: growing-root}}}
        """
            .formatted(NAMESPACE);
    cluster.client().load(new ByteArrayInputStream(objects.getBytes(UTF_8))).serverSideApply();
    office.installation().awaitReady(NAMESPACE, "growing");
  }

  @AfterAll
  static void everybodyGoes() {
    clients.forEach(VpnClient::close);
    office.installation().helmUpgrade();
    cluster.kubectl("delete", "namespace", NAMESPACE, "--wait=false");
  }

  @Test
  void givenMoreConnectionsThanAPodShallHave_whenTheAutoscalerLooks_thenThereIsAnotherPod() {
    Office.await("the figure of nobody", () -> metric().contains("\"value\":\"0\""));
    Office.await("the condition Autoscaling", () -> holds("Autoscaling"));
    assertThat(gateway().getSpec().scaling().replicas()).isEqualTo(1);
    String ovpn = office.installation().ovpn(NAMESPACE, "carol");

    clients = Stream.generate(VpnClient::new).limit(2).toList();
    clients.forEach(client -> client.connect(ovpn));

    Office.await("the figure of both", () -> metric().contains("\"value\":\"2\""));
    Office.await("another pod", () -> gateway().getSpec().scaling().replicas() == 2);
    office.installation().awaitReady(NAMESPACE, "growing");
    Office.await(
        "a figure of both pods together",
        () -> metric().contains("\"value\":\"2\"") && "2".equals(ready()));
  }

  private static String ready() {
    return cluster.kubectl(
        "get", "statefulset", "growing", "-n", NAMESPACE, "-o", "jsonpath={.status.readyReplicas}");
  }

  private static String metric() {
    return cluster.kubectl("get", "--raw", METRIC + "?labelSelector=gateway%3Dgrowing");
  }

  private static boolean holds(String type) {
    return Installation.holds(gateway().getStatus().conditions(), type);
  }

  private static P2SGateway gateway() {
    return office.installation().gateway(NAMESPACE, "growing");
  }
}
