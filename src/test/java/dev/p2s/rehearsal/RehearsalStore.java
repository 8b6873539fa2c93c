package dev.p2s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiPredicate;
import java.util.function.Consumer;

/**
 * Objects as an API server keeps them, as far as the operator can tell: versions, generations, and
 * who applied what. Lists are one value, nothing has a default, nobody is refused.
 */
final class RehearsalStore {

  /** What has happened to an object. */
  record Event(RehearsalPath path, long version, String type, ObjectNode object) {}

  private final Map<RehearsalPath, ObjectNode> objects = new LinkedHashMap<>();
  private final List<Event> events = new ArrayList<>();
  private final List<Consumer<Event>> watchers = new ArrayList<>();
  private long version = 1;

  synchronized long version() {
    return version;
  }

  synchronized Optional<ObjectNode> get(RehearsalPath path) {
    return Optional.ofNullable(objects.get(path.object()));
  }

  synchronized List<ObjectNode> list(BiPredicate<RehearsalPath, ObjectNode> selected) {
    return objects.entrySet().stream()
        .filter(entry -> selected.test(entry.getKey(), entry.getValue()))
        .map(Map.Entry::getValue)
        .toList();
  }

  /** Tells what has happened since a version, and from now on. */
  synchronized void watch(long since, Consumer<Event> watcher) {
    events.stream().filter(event -> event.version() > since).forEach(watcher);
    watchers.add(watcher);
  }

  synchronized void unwatch(Consumer<Event> watcher) {
    watchers.remove(watcher);
  }

  /** Keeps an object in place of what is there. */
  synchronized ObjectNode put(RehearsalPath path, ObjectNode next) {
    ObjectNode before = objects.get(path.object());
    ObjectNode after = next.deepCopy();
    ObjectNode metadata = after.withObject("/metadata");
    if (path.resource().equals("services")) {
      after.withObject("/spec").put("clusterIP", "10.96.0.10"); // what packages name
    }
    metadata.put("name", path.name());
    if (!path.namespace().isEmpty()) {
      metadata.put("namespace", path.namespace());
    }
    if (before == null) {
      metadata.put("uid", UUID.randomUUID().toString());
      metadata.put("generation", 1);
      metadata.put("creationTimestamp", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    } else if (before.equals(after)) {
      return before;
    } else if (!before.path("spec").equals(after.path("spec"))) {
      metadata.put("generation", before.at("/metadata/generation").asLong() + 1);
    }
    metadata.put("resourceVersion", String.valueOf(++version));
    objects.put(path.object(), after);
    tell(new Event(path.object(), version, before == null ? "ADDED" : "MODIFIED", after));
    return after;
  }

  /** A merge patch (RFC 7396). */
  synchronized ObjectNode merge(RehearsalPath path, ObjectNode patch) {
    return put(path, merged(present(path), patch));
  }

  /** Server-side apply by one manager, who takes what others had. */
  synchronized ObjectNode apply(RehearsalPath path, ObjectNode wanted, String manager) {
    ObjectNode patch = wanted.deepCopy();
    patch.withObject("/metadata").remove(List.of("managedFields", "resourceVersion"));
    ObjectNode next = merged(present(path), patch);
    if (!path.status()) {
      ObjectNode owned = patch.deepCopy();
      owned.remove(List.of("apiVersion", "kind"));
      owned.withObject("/metadata").remove(List.of("name", "namespace"));
      next.withObject("/metadata")
          .putArray("managedFields")
          .addObject()
          .put("manager", manager)
          .put("operation", "Apply")
          .put("apiVersion", path.apiVersion())
          .put("fieldsType", "FieldsV1")
          .set("fieldsV1", fields(owned));
    }
    return put(path, next);
  }

  synchronized Optional<ObjectNode> delete(RehearsalPath path) {
    ObjectNode gone = objects.remove(path.object());
    if (gone != null) {
      tell(new Event(path.object(), ++version, "DELETED", gone));
    }
    return Optional.ofNullable(gone);
  }

  private ObjectNode present(RehearsalPath path) {
    return get(path).orElseGet(JsonNodeFactory.instance::objectNode);
  }

  private void tell(Event event) {
    events.add(event);
    List.copyOf(watchers).forEach(watcher -> watcher.accept(event));
  }

  private static ObjectNode merged(ObjectNode before, ObjectNode patch) {
    ObjectNode after = before.deepCopy();
    for (Map.Entry<String, JsonNode> field : patch.properties()) {
      if (field.getValue().isNull()) {
        after.remove(field.getKey());
      } else if (field.getValue() instanceof ObjectNode inner
          && after.get(field.getKey()) instanceof ObjectNode held) {
        after.set(field.getKey(), merged(held, inner));
      } else {
        after.set(field.getKey(), field.getValue().deepCopy());
      }
    }
    return after;
  }

  private static ObjectNode fields(ObjectNode object) {
    ObjectNode fields = JsonNodeFactory.instance.objectNode();
    object
        .properties()
        .forEach(
            field ->
                fields.set(
                    "f:" + field.getKey(),
                    field.getValue() instanceof ObjectNode inner
                        ? fields(inner)
                        : JsonNodeFactory.instance.objectNode()));
    return fields;
  }
}
