package dev.p2s.cluster;

import dev.p2s.agent.SimulatedAgents;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A node that is no machine, as kwok makes them: pods that are bound to it are said to run, at
 * addresses where something else answers for them.
 */
final class FakeNode implements AutoCloseable {

  static final String NAME = "fake";

  private final KubernetesClient client;
  private final String namespace;
  private final ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor();

  /**
   * @param namespace whose pods run there, at the addresses of {@link SimulatedAgents}
   */
  FakeNode(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
    Map<String, Quantity> room =
        Map.of(
            "cpu", new Quantity("1000"),
            "memory", new Quantity("4000Gi"),
            "pods", new Quantity("2000"));
    client
        .resource(
            new NodeBuilder()
                .withNewMetadata()
                .withName(NAME)
                .addToLabels("kubernetes.io/hostname", NAME)
                .endMetadata()
                .withNewSpec()
                .endSpec()
                .withNewStatus()
                .withCapacity(room)
                .withAllocatable(room)
                .addNewAddress("198.18.255.254", "InternalIP")
                .addNewCondition()
                .withType("Ready")
                .withStatus("True")
                .endCondition()
                .endStatus()
                .build())
        .create();
    var unused = loop.scheduleWithFixedDelay(this::tick, 0, 500, TimeUnit.MILLISECONDS);
  }

  /** What runs there stays, and nothing else comes. */
  void full() {
    client
        .nodes()
        .withName(NAME)
        .edit(
            node ->
                new NodeBuilder(node)
                    .editSpec()
                    .addNewTaint("NoSchedule", "p2s.test/simulated", null, "only")
                    .endSpec()
                    .build());
  }

  private void tick() {
    try {
      client
          .resource(
              new LeaseBuilder()
                  .withNewMetadata()
                  .withName(NAME)
                  .withNamespace("kube-node-lease")
                  .endMetadata()
                  .withNewSpec()
                  .withHolderIdentity(NAME)
                  .withLeaseDurationSeconds(40)
                  .withRenewTime(ZonedDateTime.now(ZoneOffset.UTC))
                  .endSpec()
                  .build())
          .serverSideApply();
      for (Pod pod : client.pods().inNamespace(namespace).list().getItems()) {
        if (NAME.equals(pod.getSpec().getNodeName())) {
          play(pod);
        }
      }
    } catch (RuntimeException e) {
      Progress.say("the fake node tries again: %s", e.getMessage());
    }
  }

  private void play(Pod pod) {
    String name = pod.getMetadata().getName();
    if (pod.getMetadata().getDeletionTimestamp() != null) {
      client.pods().inNamespace(namespace).withName(name).withGracePeriod(0).delete();
    } else if (pod.getStatus().getPodIP() == null) {
      String address = SimulatedAgents.address(name);
      client
          .resource(
              new PodBuilder(pod)
                  .editStatus()
                  .withPhase("Running")
                  .withHostIP("198.18.255.254")
                  .withPodIP(address)
                  .addNewPodIP(address)
                  .withConditions(
                      List.of("PodScheduled", "Initialized", "ContainersReady", "Ready").stream()
                          .map(
                              type ->
                                  new PodConditionBuilder()
                                      .withType(type)
                                      .withStatus("True")
                                      .build())
                          .toList())
                  .endStatus()
                  .build())
          .updateStatus();
    }
  }

  @Override
  public void close() {
    loop.shutdownNow();
    client.nodes().withName(NAME).delete();
  }
}
