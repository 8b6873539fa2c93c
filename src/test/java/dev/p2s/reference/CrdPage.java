package dev.p2s.reference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A page of every field of a kind: its path, type, bounds, meaning, and the rules it is held to.
 */
final class CrdPage {

  private final List<String> rows = new ArrayList<>();
  private final List<String> rules = new ArrayList<>();

  private CrdPage() {}

  /** The page of a CRD's file. */
  static String of(Path file) throws IOException {
    JsonNode crd = new ObjectMapper(new YAMLFactory()).readTree(file.toFile());
    JsonNode schema = crd.at("/spec/versions/0/schema/openAPIV3Schema");
    CrdPage page = new CrdPage();
    page.rulesOf("the object", schema);
    for (String part : List.of("spec", "status")) {
      page.walk(part, schema.at("/properties/" + part), false);
    }
    return "# "
        + crd.at("/spec/names/kind").asText()
        + "\n\n`"
        + crd.at("/spec/group").asText()
        + "/"
        + crd.at("/spec/versions/0/name").asText()
        + "`\n\n"
        + Reference.table("Field | Type | Bounds | Meaning", page.rows.stream())
        + "\n## Rules\n\n"
        + String.join("", page.rules);
  }

  private void walk(String path, JsonNode schema, boolean required) {
    JsonNode items = schema.path("items");
    JsonNode described = schema.has("items") ? items : schema;
    if (path.contains(".")) {
      rows.add(
          Reference.cells(
              "`" + path + "`",
              type(schema),
              bounds(schema, required),
              schema.path("description").asText()));
    }
    rulesOf("`" + path + "`", schema);
    if (schema.has("items")) {
      rulesOf("`" + path + "[]`", items);
    }
    String below = schema.has("items") ? path + "[]" : path;
    List<String> needed = new ArrayList<>();
    described.path("required").forEach(name -> needed.add(name.asText()));
    described
        .path("properties")
        .properties()
        .forEach(
            field ->
                walk(
                    below + "." + field.getKey(),
                    field.getValue(),
                    needed.contains(field.getKey())));
  }

  private void rulesOf(String where, JsonNode schema) {
    for (JsonNode rule : schema.path("x-kubernetes-validations")) {
      rules.add("- " + where + ": " + rule.path("message").asText() + "\n");
    }
  }

  private static String type(JsonNode schema) {
    if (schema.has("items")) {
      return "list of " + type(schema.path("items"));
    }
    if (schema.has("enum")) {
      List<String> values = new ArrayList<>();
      schema.path("enum").forEach(value -> values.add(value.asText()));
      return String.join(", ", values);
    }
    return schema.path("type").asText();
  }

  private static String bounds(JsonNode schema, boolean required) {
    List<String> bounds = new ArrayList<>();
    if (required) {
      bounds.add("required");
    }
    range(bounds, schema, "minimum", "maximum", "");
    range(bounds, schema, "minLength", "maxLength", " characters");
    range(bounds, schema, "minItems", "maxItems", " entries");
    range(bounds, schema.path("items"), "minLength", "maxLength", " characters each");
    if (schema.has("pattern")) {
      bounds.add("`" + schema.path("pattern").asText() + "`");
    }
    if (schema.has("default")) {
      bounds.add("default " + schema.path("default"));
    }
    return String.join(", ", bounds);
  }

  private static void range(
      List<String> bounds, JsonNode schema, String least, String most, String unit) {
    if (schema.has(most)) {
      bounds.add(schema.path(least).asLong(0) + "–" + schema.path(most).asLong() + unit);
    } else if (schema.has(least)) {
      bounds.add("at least " + schema.path(least).asLong() + unit);
    }
  }
}
