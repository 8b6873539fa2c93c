package dev.p2s.gateway;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What is known of the cluster's nodes; nothing where they may not be read. */
record ClusterNodes(List<One> all) {

  static final ClusterNodes UNKNOWN = new ClusterNodes(List.of());

  /**
   * A node.
   *
   * @param zone its zone's label; empty where it has none
   * @param cordoned whether nothing new shall run there
   */
  record One(String name, String zone, boolean cordoned) {}

  ClusterNodes {
    all = List.copyOf(all);
  }

  /** The zones that the cluster has. */
  Set<String> zones() {
    return all.stream()
        .map(One::zone)
        .filter(zone -> !zone.isEmpty())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The zone that a pod runs in; empty where nobody knows. */
  Optional<String> zoneOf(Pod pod) {
    return of(pod).map(One::zone).filter(zone -> !zone.isEmpty());
  }

  /** Whether a pod runs where nothing new shall run. */
  boolean isCordoned(Pod pod) {
    return of(pod).filter(One::cordoned).isPresent();
  }

  private Optional<One> of(Pod pod) {
    String name = pod.getSpec() == null ? null : pod.getSpec().getNodeName();
    return all.stream().filter(node -> node.name().equals(name)).findFirst();
  }
}
