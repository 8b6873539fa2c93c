package dev.p2s.clusterapi;

import dev.p2s.clusterapi.LiveKind.Field;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What OpenAPI v3, and so {@code kubectl explain}, says of {@code live.p2s.dev}. */
final class LiveSchemas {

  private LiveSchemas() {}

  static AggregatedGroup.OpenApi openApi() {
    Map<String, Object> paths = new LinkedHashMap<>();
    Map<String, Object> schemas = new LinkedHashMap<>();
    for (LiveKind kind : LiveKind.values()) {
      String base = "/apis/" + LiveGroup.GROUP + "/" + LiveGroup.VERSION + "/";
      String item = schema(kind.kind());
      String list = schema(kind.kind() + "List");
      paths.put(base + kind.plural(), path(kind, "list", list));
      paths.put(base + "namespaces/{namespace}/" + kind.plural(), path(kind, "list", list));
      paths.put(
          base + "namespaces/{namespace}/" + kind.plural() + "/{name}", path(kind, "get", item));
      schemas.put(item, object(kind));
      schemas.put(list, listOf(kind));
    }
    return new AggregatedGroup.OpenApi(paths, schemas);
  }

  private static String schema(String kind) {
    return "dev.p2s.live." + LiveGroup.VERSION + "." + kind;
  }

  private static Map<String, Object> path(LiveKind kind, String action, String schema) {
    return Map.of(
        "get",
        Map.of(
            "operationId",
            action + kind.kind() + (action.equals("list") ? "s" : ""),
            "x-kubernetes-action",
            action,
            "x-kubernetes-group-version-kind",
            gvk(kind.kind()),
            "responses",
            Map.of(
                "200",
                Map.of(
                    "description",
                    "OK",
                    "content",
                    Map.of(
                        "application/json",
                        Map.of("schema", Map.of("$ref", "#/components/schemas/" + schema)))))));
  }

  private static Map<String, String> gvk(String kind) {
    return Map.of("group", LiveGroup.GROUP, "version", LiveGroup.VERSION, "kind", kind);
  }

  private static Map<String, Object> object(LiveKind kind) {
    Map<String, Object> properties = envelope();
    for (Field field : kind.fields()) {
      properties.put(
          field.name(),
          switch (field.type()) {
            case TEXT -> Map.of("type", "string", "description", field.description());
            case NUMBER ->
                Map.of("type", "integer", "format", "int64", "description", field.description());
            case TIME ->
                Map.of("type", "string", "format", "date-time", "description", field.description());
          });
    }
    return Map.of(
        "type",
        "object",
        "description",
        kind.description(),
        "properties",
        properties,
        "x-kubernetes-group-version-kind",
        List.of(gvk(kind.kind())));
  }

  private static Map<String, Object> listOf(LiveKind kind) {
    Map<String, Object> properties = envelope();
    properties.put(
        "items",
        Map.of(
            "type",
            "array",
            "description",
            "The objects.",
            "items",
            Map.of("$ref", "#/components/schemas/" + schema(kind.kind()))));
    return Map.of(
        "type",
        "object",
        "description",
        "A list of them.",
        "required",
        List.of("items"),
        "properties",
        properties,
        "x-kubernetes-group-version-kind",
        List.of(gvk(kind.kind() + "List")));
  }

  private static Map<String, Object> envelope() {
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("apiVersion", Map.of("type", "string", "description", "The API's version."));
    properties.put("kind", Map.of("type", "string", "description", "The object's kind."));
    properties.put(
        "metadata", Map.of("type", "object", "description", "Name, namespace, labels, uid."));
    return properties;
  }
}
