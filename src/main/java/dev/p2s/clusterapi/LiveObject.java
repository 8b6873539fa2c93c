package dev.p2s.clusterapi;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * An object of {@code live.p2s.dev}.
 *
 * @param created when it came to be
 * @param labels by which it can be selected
 * @param values a value for each of the kind's fields: String, Long or Instant
 */
record LiveObject(
    LiveKind kind,
    String namespace,
    String name,
    Instant created,
    Map<String, String> labels,
    Map<String, Object> values) {

  LiveObject {
    labels = new TreeMap<>(labels);
    values = Map.copyOf(values);
  }

  /** The same for the same object at every replica. */
  UUID uid() {
    return UUID.nameUUIDFromBytes(
        (kind.plural() + "/" + namespace + "/" + values.get("gateway") + "/" + name)
            .getBytes(StandardCharsets.UTF_8));
  }

  boolean matches(Requirements fields, Requirements byLabel) {
    return byLabel.hold(labels) && (fields.isNone() || fields.hold(selectable()));
  }

  private Map<String, String> selectable() {
    Map<String, String> selectable = new HashMap<>();
    selectable.put("metadata.name", name);
    selectable.put("metadata.namespace", namespace);
    kind.fields().stream()
        .filter(field -> field.type() == LiveKind.Type.TEXT)
        .forEach(field -> selectable.put(field.name(), (String) values.get(field.name())));
    return selectable;
  }
}
