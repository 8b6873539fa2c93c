package dev.p2s.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What the other cluster tests and the demo take for granted of the node: its network as seen from
 * a machine outside and from a pod, what a gateway's pod may do on it, and what the operator reads
 * from its API. Time budget: 60 s beside the start of the cluster.
 */
class NodeClusterIT {

  private static final String NAMESPACE = "node-check";
  private static final int NODE_PORT = 31808;
  private static final Duration SOON = Duration.ofSeconds(30);

  private static TestCluster cluster;
  private static VpnClient outside;

  @BeforeAll
  static void start() {
    cluster = TestCluster.shared();
    outside = new VpnClient();
    cluster.load(VpnClient.IMAGE);
    cluster.namespace(NAMESPACE, "privileged");
    apply(
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
        spec:
          type: NodePort
          selector: {app: echo}
          ports: [{port: 80, targetPort: 8080, nodePort: %d}]
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: tunnel}
        spec:
          terminationGracePeriodSeconds: 0
          containers:
            - name: tunnel
              image: %s
              imagePullPolicy: Never
              command: [sh, -c, "echo started; exec sleep infinity"]
              securityContext:
                runAsUser: 0
                allowPrivilegeEscalation: false
                capabilities: {drop: [ALL], add: [NET_ADMIN]}
              volumeMounts: [{name: tun, mountPath: /dev/net/tun}]
          volumes: [{name: tun, hostPath: {path: /dev/net/tun, type: CharDevice}}]
        """
            .formatted(NODE_PORT, VpnClient.IMAGE));
    awaitReady("echo");
    awaitReady("tunnel");
  }

  @AfterAll
  static void remove() {
    outside.close();
    cluster.client().namespaces().withName(NAMESPACE).delete();
  }

  @Test
  void givenAPodWithAHostPort_whenAMachineOutsideAsks_thenItAnswers() {
    assertThat(get("http://" + cluster.nodeAddress() + ":18080/")).contains("pod=echo");
  }

  @Test
  void givenANodePortService_whenAMachineOutsideAsks_thenItsPodAnswers() {
    Awaitility.await("the NodePort")
        .atMost(SOON)
        .ignoreExceptions()
        .untilAsserted(
            () ->
                assertThat(get("http://" + cluster.nodeAddress() + ":" + NODE_PORT + "/"))
                    .contains("pod=echo"));
  }

  @Test
  void givenAService_whenAPodAsksByItsName_thenThePodSeesTheAskersAddress() {
    Awaitility.await("the Service by its name")
        .atMost(SOON)
        .ignoreExceptions()
        .untilAsserted(
            () ->
                assertThat(
                        inTunnelPod("curl", "-sS", "-m", "3", "http://echo." + NAMESPACE + ".svc"))
                    .contains("pod=echo from=" + pod("tunnel").getStatus().getPodIP() + ":"));
  }

  @Test
  void givenNetAdminAndTheTunDevice_whenAnUnprivilegedPodMakesATunnel_thenItIsThere() {
    inTunnelPod("ip", "tuntap", "add", "dev", "tun7", "mode", "tun");
    assertThat(inTunnelPod("ip", "-o", "link", "show", "dev", "tun7")).contains("tun7");
    assertThat(inTunnelPod("grep", "CapEff", "/proc/1/status")).contains("0000000000001000");
  }

  @Test
  void givenAPod_whenItsLogIsAskedFor_thenTheNodeGivesIt() {
    assertThat(cluster.kubectl("logs", "-n", NAMESPACE, "tunnel")).contains("started");
  }

  @Test
  void givenTheCluster_whenItsRangesAreAskedFor_thenNodeAndServiceCidrTellThem() {
    assertThat(cluster.client().nodes().list().getItems())
        .allSatisfy(node -> assertThat(node.getSpec().getPodCIDR()).contains("/"));
    assertThat(pod("echo").getStatus().getPodIP())
        .startsWith(
            cluster
                .client()
                .nodes()
                .list()
                .getItems()
                .getFirst()
                .getSpec()
                .getPodCIDR()
                .replaceAll("\\.[0-9]+/.*", "."));
    assertThat(cluster.kubectl("get", "servicecidrs", "-o", "jsonpath={.items[*].spec.cidrs[*]}"))
        .contains("/");
  }

  @Test
  void givenAnAggregatedApi_whenItTrustsTheFrontProxy_thenItTrustsNobodyElseByIt() {
    Map<String, String> trust =
        cluster
            .client()
            .configMaps()
            .inNamespace("kube-system")
            .withName("extension-apiserver-authentication")
            .get()
            .getData();
    assertThat(trust.get("requestheader-client-ca-file"))
        .startsWith("-----BEGIN CERTIFICATE-----")
        .isNotEqualTo(trust.get("client-ca-file"));
  }

  @Test
  void givenARestrictedNamespace_whenAPodAsksForNetAdmin_thenItIsRefused() {
    String restricted = NAMESPACE + "-restricted";
    cluster.namespace(restricted, "restricted");
    try {
      Command.Result result =
          cluster.tool(
              "kubectl",
              "run",
              "refused",
              "-n",
              restricted,
              "--image=" + TestCluster.ECHO_IMAGE,
              "--privileged");
      assertThat(result.exitCode()).isNotZero();
      assertThat(result.errors()).contains("violates PodSecurity \"restricted");
    } finally {
      cluster.client().namespaces().withName(restricted).delete();
    }
  }

  @Test
  void givenAClusterOfThisRun_whenASecondIsStarted_thenNeitherKnowsTheOther() {
    try (TestCluster second = TestCluster.start("second", false)) {
      assertThat(second.nodeAddress()).isNotEqualTo(cluster.nodeAddress());
      assertThat(second.client().namespaces().withName(NAMESPACE).get()).isNull();
    }
    assertThat(cluster.client().namespaces().withName(NAMESPACE).get()).isNotNull();
  }

  private static void apply(String manifests) {
    cluster
        .client()
        .load(new ByteArrayInputStream(manifests.getBytes(StandardCharsets.UTF_8)))
        .inNamespace(NAMESPACE)
        .serverSideApply();
  }

  private static void awaitReady(String name) {
    Awaitility.await("pod " + name)
        .atMost(SOON)
        .until(
            () ->
                pod(name).getStatus().getContainerStatuses().stream()
                    .anyMatch(status -> Boolean.TRUE.equals(status.getReady())));
  }

  private static Pod pod(String name) {
    return cluster.client().pods().inNamespace(NAMESPACE).withName(name).get();
  }

  private static String get(String url) {
    return outside.run("curl", "-sS", "-m", "5", url);
  }

  private static String inTunnelPod(String... words) {
    String[] all = new String[words.length + 5];
    String[] exec = {"exec", "-n", NAMESPACE, "tunnel", "--"};
    System.arraycopy(exec, 0, all, 0, exec.length);
    System.arraycopy(words, 0, all, exec.length, words.length);
    return cluster.kubectl(all);
  }
}
