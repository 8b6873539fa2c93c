package dev.p2s.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What the other cluster tests take for granted of the node. Time budget: 40 s beside the start of
 * the cluster.
 */
class NodeClusterIT {

  private static final String NAMESPACE = "node-check";
  private static final Duration SOON = Duration.ofSeconds(30);

  private static TestCluster cluster;

  @BeforeAll
  static void start() {
    cluster = TestCluster.shared();
    cluster.namespace(NAMESPACE, "privileged");
    cluster
        .client()
        .load(
            new ByteArrayInputStream(
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: echo, labels: {app: echo}}
                spec:
                  containers:
                    - name: echo
                      image: p2s.test/echo:local
                      imagePullPolicy: Never
                      ports: [{containerPort: 8080, hostPort: 18080}]
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: echo}
                spec: {selector: {app: echo}, ports: [{port: 80, targetPort: 8080}]}
                """
                    .getBytes(StandardCharsets.UTF_8)))
        .inNamespace(NAMESPACE)
        .create();
    Awaitility.await("the echo pod")
        .atMost(SOON)
        .until(
            () -> {
              var pod = cluster.client().pods().inNamespace(NAMESPACE).withName("echo").get();
              return pod.getStatus().getContainerStatuses().stream()
                  .anyMatch(status -> Boolean.TRUE.equals(status.getReady()));
            });
  }

  @AfterAll
  static void remove() {
    cluster.client().namespaces().withName(NAMESPACE).delete();
  }

  @Test
  void givenAPodWithAHostPort_whenAMachineOutsideAsks_thenItAnswers() {
    try (VpnClient outside = new VpnClient()) {
      assertThat(
              outside.run("curl", "-sS", "-m", "5", "http://" + cluster.nodeAddress() + ":18080/"))
          .contains("pod=echo");
    }
  }

  @Test
  void givenAService_whenTheClustersDnsIsAsked_thenItsAddressIsKnown() {
    String address =
        cluster
            .client()
            .services()
            .inNamespace("kube-system")
            .withName("kube-dns")
            .get()
            .getSpec()
            .getClusterIP();
    try (VpnClient outside = new VpnClient()) {
      outside.run("ip", "route", "add", address, "via", cluster.nodeAddress());
      Awaitility.await("DNS of the Service")
          .atMost(SOON)
          .untilAsserted(
              () ->
                  assertThat(
                          outside.run(
                              "dig",
                              "+short",
                              "+time=2",
                              "@" + address,
                              "echo." + NAMESPACE + ".svc.cluster.local"))
                      .startsWith("10."));
    }
  }
}
