package dev.p2s.rehearsal;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a path of the Kubernetes API means.
 *
 * @param group {@code /api/v1} or {@code /apis/<group>/<version>}
 * @param namespace empty for all, and for what is in none
 * @param resource the kind's plural
 * @param name empty for the whole list
 * @param status whether the status alone is meant
 */
record RehearsalPath(String group, String namespace, String resource, String name, boolean status) {

  private static final Pattern PATH =
      Pattern.compile(
          "(/api/v1|/apis/[^/]+/[^/]+)(?:/namespaces/([^/]+))?/([^/]+)(?:/([^/]+?))?(/status)?");

  /** Empty for what is no object and no list of them. */
  static Optional<RehearsalPath> of(String path) {
    Matcher matcher = PATH.matcher(path);
    return matcher.matches()
        ? Optional.of(
            new RehearsalPath(
                matcher.group(1),
                text(matcher.group(2)),
                matcher.group(3),
                text(matcher.group(4)),
                matcher.group(5) != null))
        : Optional.empty();
  }

  RehearsalPath named(String newName) {
    return new RehearsalPath(group, namespace, resource, newName, false);
  }

  RehearsalPath object() {
    return new RehearsalPath(group, namespace, resource, name, false);
  }

  /** Whether an object's path is in this list. */
  boolean lists(RehearsalPath object) {
    return group.equals(object.group)
        && resource.equals(object.resource)
        && (namespace.isEmpty() || namespace.equals(object.namespace))
        && (name.isEmpty() || name.equals(object.name));
  }

  String apiVersion() {
    return group.startsWith("/apis/") ? group.substring("/apis/".length()) : "v1";
  }

  private static String text(String group) {
    return group == null ? "" : group;
  }
}
