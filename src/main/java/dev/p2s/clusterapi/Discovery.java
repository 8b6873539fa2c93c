package dev.p2s.clusterapi;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What API servers and clients read before they ask: groups, resources, schemas. */
final class Discovery {

  private final List<AggregatedGroup> groups;

  Discovery(List<AggregatedGroup> groups) {
    this.groups = List.copyOf(groups);
  }

  /** The document of a path; empty where the path is another's. */
  Optional<Object> document(String path) {
    if (path.equals("/openapi/v3")) {
      return Optional.of(openApiIndex());
    }
    return groups.stream()
        .flatMap(
            group -> {
              String version = "/apis/" + group.group() + "/" + group.version();
              Optional<Object> found =
                  path.equals("/apis/" + group.group())
                      ? Optional.of(apiGroup(group))
                      : path.equals(version)
                          ? Optional.of(resources(group))
                          : path.equals("/openapi/v3" + version)
                              ? Optional.of(openApi(group))
                              : Optional.empty();
              return found.stream();
            })
        .findFirst();
  }

  private static Map<String, Object> apiGroup(AggregatedGroup group) {
    Map<String, String> version =
        Map.of("groupVersion", group.group() + "/" + group.version(), "version", group.version());
    return Map.of(
        "kind",
        "APIGroup",
        "apiVersion",
        "v1",
        "name",
        group.group(),
        "versions",
        List.of(version),
        "preferredVersion",
        version);
  }

  private static Map<String, Object> resources(AggregatedGroup group) {
    return Map.of(
        "kind",
        "APIResourceList",
        "apiVersion",
        "v1",
        "groupVersion",
        group.group() + "/" + group.version(),
        "resources",
        group.resources());
  }

  private Map<String, Object> openApiIndex() {
    Map<String, Object> paths = new TreeMap<>();
    for (AggregatedGroup group : groups) {
      String path = "apis/" + group.group() + "/" + group.version();
      paths.put(path, Map.of("serverRelativeURL", "/openapi/v3/" + path));
    }
    return Map.of("paths", paths);
  }

  private static Map<String, Object> openApi(AggregatedGroup group) {
    AggregatedGroup.OpenApi told = group.openApi();
    return Map.of(
        "openapi",
        "3.0.0",
        "info",
        Map.of("title", group.group(), "version", group.version()),
        "paths",
        told.paths(),
        "components",
        Map.of("schemas", told.schemas()));
  }
}
