package dev.p2s.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.p2s.api.v1alpha1.ClientProfile;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * The samples' gateway {@code vpn/office} and what is to be seen of it; tests that share the
 * cluster share it and leave it as they found it.
 */
final class Office {

  static final String NAMESPACE = "vpn";
  static final String GATEWAY = "office";
  private static final String POD = "office-0";

  private final TestCluster cluster;
  private final Installation installation;

  private Office(TestCluster cluster, Installation installation) {
    this.cluster = cluster;
    this.installation = installation;
  }

  /** Installs what is not there yet and waits for the gateway. */
  static Office ready() {
    TestCluster cluster = TestCluster.shared();
    Installation installation = new Installation(cluster).install();
    cluster.namespace(NAMESPACE, "privileged");
    installation.apply("samples/workload.yaml");
    installation.apply("samples/office.yaml");
    Office office = new Office(cluster, installation);
    office.awaitReady();
    return office;
  }

  TestCluster cluster() {
    return cluster;
  }

  Installation installation() {
    return installation;
  }

  void awaitReady() {
    installation.awaitReady(NAMESPACE, GATEWAY);
    await("the echo pod", () -> !echoAddress().isEmpty());
  }

  /** The address of a pod behind the gateway. */
  String echoAddress() {
    return cluster
        .client()
        .pods()
        .inNamespace(NAMESPACE)
        .withLabel("app", "echo")
        .list()
        .getItems()
        .stream()
        .map(pod -> pod.getStatus().getPodIP())
        .filter(address -> address != null && !address.isEmpty())
        .findFirst()
        .orElse("");
  }

  Pod pod() {
    return cluster.client().pods().inNamespace(NAMESPACE).withName(POD).get();
  }

  ContainerStatus container(String name) {
    var status = pod().getStatus();
    return Stream.concat(
            status.getContainerStatuses().stream(), status.getInitContainerStatuses().stream())
        .filter(container -> container.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** Kills a container's process by its id, as a crash would. */
  void kill(String container) {
    killById(containerId(container));
  }

  /** The same with an id that was asked for while the API server answered. */
  void killById(String id) {
    cluster.onNode(NodeTasks.kill(id));
  }

  String containerId(String container) {
    return container(container).getContainerID().replaceFirst("^.*://", "");
  }

  /** The ids of the sessions that the agent keeps beside the sockets. */
  List<String> sessions() {
    return cluster
        .kubectl("-n", NAMESPACE, "exec", POD, "-c", "netd", "--", "ls", "/run/p2s/agent/sessions")
        .lines()
        .filter(name -> name.endsWith(".json"))
        .sorted()
        .toList();
  }

  /** What the operator tells of it over the agents' stream. */
  int connections() {
    String connected = installation.gateway(NAMESPACE, GATEWAY).getStatus().connected();
    return connected == null ? 0 : Integer.parseInt(connected.split("/")[0]);
  }

  /**
   * Waits until an earlier test's people are gone and the status says so, which it may say half a
   * minute late.
   */
  void awaitNobody() {
    await("nobody connected", () -> sessions().isEmpty() && connections() == 0);
  }

  void profile(String name) {
    profile(name, "office-root");
  }

  /** A profile whose certificate a certain root issues. */
  void profile(String name, String root) {
    cluster
        .client()
        .resource(
            """
            apiVersion: p2s.dev/v1alpha1
            kind: ClientProfile
            metadata: {name: %1$s, namespace: vpn}
            spec:
              gatewayRef: {name: office}
              user: %1$s@example.com
              certificate: {issued: {rootRef: {name: %2$s}}}
            """
                .formatted(name, root))
        .serverSideApply();
  }

  /** A RootCertificate; its source as its spec has it. */
  void root(String name, String source) {
    cluster
        .client()
        .resource(
            """
            apiVersion: p2s.dev/v1alpha1
            kind: RootCertificate
            metadata: {name: %s, namespace: vpn}
            spec:
              gatewayRef: {name: office}
              %s
            """
                .formatted(name, source))
        .create();
  }

  /** A Secret as it is, or null. */
  Secret secret(String name) {
    return cluster.client().secrets().inNamespace(NAMESPACE).withName(name).get();
  }

  /** A file of a profile's Secret. */
  String text(String profile, String entry) {
    return decoded(secret(profile + "-vpn"), entry);
  }

  /** What the agents shall do, as the operator wrote it. */
  String state() {
    return decoded(secret("office-state"), "state.json");
  }

  private static String decoded(Secret secret, String entry) {
    return new String(Base64.getDecoder().decode(secret.getData().get(entry)), UTF_8);
  }

  /** Merges JSON into the gateway. */
  void patch(String json) {
    cluster.patchGateway(NAMESPACE, GATEWAY, json);
  }

  void delete(String profile) {
    cluster
        .client()
        .resources(ClientProfile.class)
        .inNamespace(NAMESPACE)
        .withName(profile)
        .withTimeoutInMillis(30_000)
        .delete();
  }

  String ovpn(String profile) {
    return installation.ovpn(NAMESPACE, profile);
  }

  static void await(String what, java.util.concurrent.Callable<Boolean> condition) {
    await(what, Duration.ofSeconds(90), condition);
  }

  static void await(String what, Duration limit, java.util.concurrent.Callable<Boolean> condition) {
    Awaitility.await(what)
        .atMost(limit)
        .pollInterval(Duration.ofMillis(200))
        .ignoreExceptions()
        .until(condition);
  }
}
