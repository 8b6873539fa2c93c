package dev.p2s.cluster;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Every object that the API's discovery can list, of whatever kind, as {@code kind.group/name}.
 * Events are left out: they tell of what was, for an hour.
 */
final class Inventory {

  private final TestCluster cluster;

  Inventory(TestCluster cluster) {
    this.cluster = cluster;
  }

  Set<String> ofNamespace(String namespace) {
    return names("true", "-n", namespace);
  }

  /** What belongs to no namespace. */
  Set<String> ofCluster() {
    return names("false");
  }

  private Set<String> names(String namespaced, String... scope) {
    String kinds =
        cluster
            .kubectl("api-resources", "--namespaced=" + namespaced, "--verbs=list", "-o", "name")
            .lines()
            .filter(kind -> !kind.startsWith("events"))
            .collect(Collectors.joining(","));
    String[] words = Arrays.copyOf(new String[] {"get", kinds, "-o", "name"}, 4 + scope.length);
    System.arraycopy(scope, 0, words, 4, scope.length);
    return new TreeSet<>(cluster.kubectl(words).lines().toList());
  }
}
