package dev.p2s.gateway;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.net.HttpURLConnection;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Follows which zone each node is in and whether it is cordoned. Where nodes may not be read (an
 * installation that is bound to namespaces) there is nothing to follow, and evictions tell of a
 * drain all the same.
 */
final class NodeWatch {

  private final SharedIndexInformer<Node> informer;
  private final Set<ResourceID> interested = ConcurrentHashMap.newKeySet();
  private final Map<String, ClusterNodes.One> nodes = new ConcurrentHashMap<>();
  private boolean started;

  /**
   * @param changed told of every gateway that has asked, when something has changed
   */
  NodeWatch(KubernetesClient client, Consumer<ResourceID> changed) {
    informer = client.nodes().runnableInformer(0);
    informer.addEventHandler(
        new ResourceEventHandler<>() {
          @Override
          public void onAdd(Node added) {
            put(added);
          }

          @Override
          public void onUpdate(Node before, Node now) {
            put(now);
          }

          @Override
          public void onDelete(Node gone, boolean stateUnknown) {
            if (nodes.remove(gone.getMetadata().getName()) != null) {
              interested.forEach(changed);
            }
          }

          private void put(Node node) {
            ClusterNodes.One one = one(node);
            if (!one.equals(nodes.put(one.name(), one))) {
              interested.forEach(changed);
            }
          }
        });
    informer.exceptionHandler((running, problem) -> !isForbidden(problem));
  }

  /** What is known now; from now on the gateway is told of changes. */
  ClusterNodes read(ResourceID gateway) {
    synchronized (informer) {
      if (!started) {
        started = true;
        informer.start();
      }
    }
    interested.add(gateway);
    return new ClusterNodes(
        nodes.values().stream().sorted(Comparator.comparing(ClusterNodes.One::name)).toList());
  }

  /** Tells nobody any more who is not among these. */
  void retain(Set<ResourceID> gateways) {
    interested.retainAll(gateways);
  }

  static ClusterNodes.One one(Node node) {
    Map<String, String> labels = node.getMetadata().getLabels();
    return new ClusterNodes.One(
        node.getMetadata().getName(),
        labels == null ? "" : labels.getOrDefault(Placement.ZONE, ""),
        Boolean.TRUE.equals(node.getSpec().getUnschedulable()));
  }

  private static boolean isForbidden(Throwable problem) {
    return problem instanceof KubernetesClientException answer
        && answer.getCode() == HttpURLConnection.HTTP_FORBIDDEN;
  }
}
