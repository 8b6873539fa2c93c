package dev.p2s.cluster;

import dev.p2s.api.v1alpha1.P2SGateway;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import java.util.stream.Stream;

/**
 * The gateway {@code vpn/office} of a cluster that a test has for itself: what is to be seen of it,
 * and what can be done to it.
 */
record LoneOffice(TestCluster cluster, Installation installation) {

  private static final String VPN = "vpn";
  private static final String OFFICE = "office";
  private static final String POD = "office-0";

  /** A profile's package, as soon as it is the one that its spec asks for. */
  byte[] zip(String profile) {
    return installation.zip(VPN, profile);
  }

  void patch(String json) {
    cluster.patchGateway(VPN, OFFICE, json);
  }

  /** How many sessions its status counts. */
  int connected() {
    P2SGateway office = installation.gateway(VPN, OFFICE);
    String connected = office.getStatus().connected();
    return connected == null ? 0 : Integer.parseInt(connected.split("/")[0]);
  }

  /** What the agent keeps of its sessions. */
  String sessions() {
    return cluster.kubectl(
        "-n",
        VPN,
        "exec",
        POD,
        "-c",
        "agent",
        "--",
        "sh",
        "-c",
        "cat /run/p2s/agent/sessions/*.json 2>/dev/null || true");
  }

  String serviceAddress() {
    return installation.echoService(VPN);
  }

  String podAddress() {
    return cluster
        .client()
        .pods()
        .inNamespace(VPN)
        .withLabel("app", "echo")
        .list()
        .getItems()
        .getFirst()
        .getStatus()
        .getPodIP();
  }

  String agentLog() {
    return cluster.kubectl("-n", VPN, "logs", POD, "-c", "agent");
  }

  /** Logs of every container, objects but Secrets, events and meters. */
  String written() {
    return WrittenTexts.of(cluster, VPN, POD);
  }

  /** Ends a container of the pod without warning. */
  void kill(String container) {
    var status = cluster.client().pods().inNamespace(VPN).withName(POD).get().getStatus();
    String id =
        Stream.concat(
                status.getContainerStatuses().stream(), status.getInitContainerStatuses().stream())
            .filter(one -> one.getName().equals(container))
            .map(ContainerStatus::getContainerID)
            .findFirst()
            .orElseThrow();
    cluster.onNode(NodeTasks.kill(id));
  }

  /** Ends every process of the pod without warning, and the sandbox that holds its address. */
  void killEverything() {
    cluster.onNode(NodeTasks.killPod(POD));
  }

  /** The pod's own address. */
  String address() {
    return cluster.client().pods().inNamespace(VPN).withName(POD).get().getStatus().getPodIP();
  }
}
