package dev.p2s.gateway;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * Pods whose node has vanished or whose processes have all died, so that the Service sends clients
 * who dial again to the others and not there. Kubernetes says so itself once the node's lease is 40
 * s old, or when the kubelet looks next, which is later than clients come. It is told once, and a
 * kubelet that knows better takes it back within ten seconds: the condition is its own.
 */
final class LostPods {

  private static final Logger LOG = Logger.getLogger(LostPods.class);

  private final KubernetesClient client;
  private final Clock clock;

  LostPods(KubernetesClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  /**
   * Which pods to take out of service: Ready ones that are lost, where another one is Ready and
   * heard. Where none is heard, it may be the operator that is cut off, and where none is Ready,
   * nobody gains.
   *
   * @param staying the gateway's pods
   * @param lost the names of those whose agents are not there any more
   * @param heard the names of those whose agents report
   */
  static List<Pod> of(List<Pod> staying, Set<String> lost, Set<String> heard) {
    List<Pod> ready = staying.stream().filter(GatewayStatusFactory::isReady).toList();
    boolean others =
        ready.stream()
            .map(pod -> pod.getMetadata().getName())
            .anyMatch(name -> heard.contains(name) && !lost.contains(name));
    return others
        ? ready.stream().filter(pod -> lost.contains(pod.getMetadata().getName())).toList()
        : List.of();
  }

  /** Takes them out of service. */
  void takeOut(List<Pod> pods) {
    pods.forEach(this::takeOut);
  }

  private void takeOut(Pod pod) {
    String name = pod.getMetadata().getName();
    LOG.warnf(
        "pod %s/%s on node %s does not answer any more; clients are sent to the others",
        pod.getMetadata().getNamespace(), name, pod.getSpec().getNodeName());
    Map<String, Object> notReady =
        Map.of(
            "type",
            "Ready",
            "status",
            "False",
            "reason",
            "AgentUnreachable",
            "message",
            "the operator cannot reach the pod's agent any more",
            "lastTransitionTime",
            clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
    try {
      client
          .pods()
          .inNamespace(pod.getMetadata().getNamespace())
          .withName(name)
          .subresource("status")
          .patch(
              PatchContext.of(PatchType.STRATEGIC_MERGE),
              Serialization.asJson(Map.of("status", Map.of("conditions", List.of(notReady)))));
    } catch (KubernetesClientException e) {
      LOG.warnf("pod %s stays in service until its node's lease is over: %s", name, e.getMessage());
    }
  }
}
