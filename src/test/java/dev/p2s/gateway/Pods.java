package dev.p2s.gateway;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;

/** A gateway's pods as the API server shows them. */
final class Pods {

  private Pods() {}

  static Pod ready(int ordinal, String node) {
    return pod(ordinal, node, "Ready");
  }

  static Pod starting(int ordinal, String node) {
    return pod(ordinal, node, "PodScheduled");
  }

  /** One that the eviction API has taken. */
  static Pod evicted(int ordinal, String node) {
    return pod(ordinal, node, "DisruptionTarget");
  }

  private static Pod pod(int ordinal, String node, String condition) {
    return new PodBuilder()
        .withNewMetadata()
        .withName("office-" + ordinal)
        .endMetadata()
        .withNewSpec()
        .withNodeName(node)
        .endSpec()
        .withNewStatus()
        .withHostIP("192.0.2." + ordinal)
        .addNewCondition()
        .withType(condition)
        .withStatus("True")
        .endCondition()
        .endStatus()
        .build();
  }
}
