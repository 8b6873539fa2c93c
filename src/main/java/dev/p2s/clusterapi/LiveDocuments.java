package dev.p2s.clusterapi;

import dev.p2s.clusterapi.LiveKind.Field;
import dev.p2s.clusterapi.LiveKind.Type;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Live objects as the documents that Kubernetes clients read: objects, lists, tables, events. */
final class LiveDocuments {

  private static final String API_VERSION = LiveGroup.GROUP + "/" + LiveGroup.VERSION;

  private LiveDocuments() {}

  static Map<String, Object> object(LiveObject object, String resourceVersion) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("kind", object.kind().kind());
    document.put("apiVersion", API_VERSION);
    document.put("metadata", metadata(object, resourceVersion));
    for (Field field : object.kind().fields()) {
      Object value = object.values().get(field.name());
      document.put(field.name(), value instanceof Instant time ? time.toString() : value);
    }
    return document;
  }

  static Map<String, Object> list(LiveKind kind, List<LiveObject> objects, String resourceVersion) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("kind", kind.kind() + "List");
    document.put("apiVersion", API_VERSION);
    document.put("metadata", Map.of("resourceVersion", resourceVersion));
    document.put("items", objects.stream().map(object -> object(object, resourceVersion)).toList());
    return document;
  }

  /**
   * What {@code kubectl get} shows.
   *
   * @param whole whether each row brings the whole object and not its metadata alone
   */
  static Map<String, Object> table(
      LiveKind kind, List<LiveObject> objects, String resourceVersion, Instant now, boolean whole) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("kind", "Table");
    document.put("apiVersion", "meta.k8s.io/v1");
    document.put("metadata", Map.of("resourceVersion", resourceVersion));
    document.put("columnDefinitions", columns(kind));
    document.put(
        "rows", objects.stream().map(object -> row(object, resourceVersion, now, whole)).toList());
    return document;
  }

  static Map<String, Object> status(ApiFailure failure) {
    Map<String, Object> document = status("Failure");
    document.put("message", failure.getMessage());
    document.put("reason", failure.reason());
    document.put("code", failure.code());
    return document;
  }

  static Map<String, Object> deleted(LiveObject object) {
    Map<String, Object> document = status("Success");
    document.put(
        "details",
        Map.of(
            "name",
            object.name(),
            "group",
            LiveGroup.GROUP,
            "kind",
            object.kind().plural(),
            "uid",
            object.uid().toString()));
    return document;
  }

  /** A time that has passed, as kubectl writes ages. */
  static String age(Instant since, Instant now) {
    Duration age = Duration.between(since, now);
    if (age.isNegative()) {
      return "0s";
    }
    if (age.compareTo(Duration.ofMinutes(2)) < 0) {
      return age.toSeconds() + "s";
    }
    if (age.compareTo(Duration.ofMinutes(10)) < 0) {
      return age.toMinutes() + "m" + (age.toSecondsPart() == 0 ? "" : age.toSecondsPart() + "s");
    }
    if (age.compareTo(Duration.ofHours(3)) < 0) {
      return age.toMinutes() + "m";
    }
    if (age.compareTo(Duration.ofHours(8)) < 0) {
      return age.toHours() + "h" + (age.toMinutesPart() == 0 ? "" : age.toMinutesPart() + "m");
    }
    return age.toHours() < 48 ? age.toHours() + "h" : age.toDays() + "d";
  }

  private static Map<String, Object> status(String outcome) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("kind", "Status");
    document.put("apiVersion", "v1");
    document.put("metadata", Map.of());
    document.put("status", outcome);
    return document;
  }

  private static Map<String, Object> metadata(LiveObject object, String resourceVersion) {
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("name", object.name());
    metadata.put("namespace", object.namespace());
    metadata.put("uid", object.uid().toString());
    metadata.put("resourceVersion", resourceVersion);
    metadata.put("creationTimestamp", object.created().truncatedTo(ChronoUnit.SECONDS).toString());
    metadata.put("labels", object.labels());
    return metadata;
  }

  private static List<Map<String, Object>> columns(LiveKind kind) {
    List<Map<String, Object>> columns = new ArrayList<>();
    columns.add(column("Name", "string", "name", "The object's name.", 0));
    kind.columns()
        .forEach(
            field ->
                columns.add(
                    column(
                        field.column(),
                        field.type() == Type.NUMBER ? "integer" : "string",
                        "",
                        field.description(),
                        field.wide() ? 1 : 0)));
    return columns;
  }

  private static Map<String, Object> column(
      String name, String type, String format, String description, int priority) {
    return Map.of(
        "name", name,
        "type", type,
        "format", format,
        "description", description,
        "priority", priority);
  }

  private static Map<String, Object> row(
      LiveObject object, String resourceVersion, Instant now, boolean whole) {
    List<Object> cells = new ArrayList<>();
    cells.add(object.name());
    object
        .kind()
        .columns()
        .forEach(
            field -> {
              Object value = object.values().get(field.name());
              cells.add(value instanceof Instant time ? age(time, now) : value);
            });
    return Map.of(
        "cells",
        cells,
        "object",
        whole
            ? object(object, resourceVersion)
            : Map.of(
                "kind",
                "PartialObjectMetadata",
                "apiVersion",
                "meta.k8s.io/v1",
                "metadata",
                metadata(object, resourceVersion)));
  }
}
