package dev.p2s.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.api.v1alpha1.P2SGateway;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The cluster's own autoscaler goes by the connections that the operator serves as a metric. Time
 * budget: 4 min beside the installation.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AutoscalingClusterIT {

  private static final String NAMESPACE = "autoscaling";
  private static final String METRIC =
      "/apis/external.metrics.k8s.io/v1beta1/namespaces/" + NAMESPACE + "/p2s_gateway_connections";

  private static Office office;
  private static TestCluster cluster;
  private static final List<VpnClient> clients = new ArrayList<>();
  private static String ovpn;

  @BeforeAll
  static void aGatewayThatMayGrow() {
    office = Office.ready();
    cluster = office.cluster();
    office.installation().helmUpgrade("--set", "metricsApi.enabled=true");
    cluster.namespace(NAMESPACE, "privileged");
    String spec =
        """
        sku: {custom: {connections: 6}}
        clientAddressPools: [172.31.211.0/27]
        exposure: {type: NodePort, nodePort: 30944}
        openVpn: {processes: 1}
        scaling: {maxReplicas: 2, targetConnectionsPerReplica: 1, scaleDownDelaySeconds: 0}
        """;
    office.installation().applyText(CarolsGateway.manifests(NAMESPACE, "growing", spec));
    office.installation().awaitReady(NAMESPACE, "growing");
    ovpn = office.installation().ovpn(NAMESPACE, CarolsGateway.PERSON);
  }

  @AfterAll
  static void everybodyGoes() {
    clients.forEach(VpnClient::close);
    office.installation().helmUpgrade();
    cluster.kubectl("delete", "namespace", NAMESPACE, "--wait=false");
  }

  @Test
  @Order(1)
  void givenMoreConnectionsThanAPodShallHave_whenTheAutoscalerLooks_thenThereIsAnotherPod() {
    Office.await("the figure of nobody", () -> metric().contains("\"value\":\"0\""));
    Office.await("the condition Autoscaling", () -> holds("Autoscaling"));
    assertThat(gateway().getSpec().scaling().replicas()).isEqualTo(1);
    connect();
    connect();

    Office.await("the figure of both", () -> metric().contains("\"value\":\"2\""));
    Office.await("another pod", () -> gateway().getSpec().scaling().replicas() == 2);
    office.installation().awaitReady(NAMESPACE, "growing");
    Office.await(
        "a figure of both pods together",
        () -> metric().contains("\"value\":\"2\"") && "2".equals(ready()));
  }

  @Test
  @Order(2)
  void givenFewerConnections_whenTheAutoscalerLooks_thenAPodLeavesAndWhoeverWasOnItStaysIn() {
    while (office.installation().sessionsAt(NAMESPACE, "growing-1") == 0) {
      connect();
    }
    VpnClient last = clients.getLast();
    Traffic traffic = Traffic.start(last, office.echoAddress());
    traffic.awaitReplies(5);

    clients.stream().filter(client -> client != last).forEach(VpnClient::hangUp);

    Office.await(
        "one pod less", Duration.ofMinutes(3), () -> gateway().getSpec().scaling().replicas() == 1);
    Office.await("its end", Duration.ofMinutes(2), () -> "1".equals(ready()));
    Office.await(
        "them on the pod that stays",
        () -> office.installation().sessionsAt(NAMESPACE, "growing-0") == 1);
    traffic.awaitReplies(5);
    Progress.say("the longest interruption as the pod left: %.1f s", traffic.longestGap());
  }

  private static void connect() {
    assertThat(clients).as("clients of a gateway for six").hasSizeLessThan(6);
    clients.add(new VpnClient());
    clients.getLast().connect(ovpn);
    int all = clients.size();
    Office.await(
        "the session",
        () ->
            office.installation().sessionsAt(NAMESPACE, "growing-0")
                    + office.installation().sessionsAt(NAMESPACE, "growing-1")
                == all);
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
