package dev.p2s.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Specs as a committed CRD's schema admits them: random ones, and ones that hold a certain text at
 * a certain path. Written from the schema, so that a new field is covered the day it is there.
 */
public final class CrdSpecs {

  public static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  /** What ends a line or a quotation somewhere, and what only looks like it. */
  public static final String HOSTILE =
      "x\r\nscript-security 3\u0000\"'`{};#%s$(id)\u0085up /bin/sh\u2028\u2029</ca>\\n\u001b[0m";

  private static final int LONGEST_LIST = 4;

  private final JsonNode spec;
  private final Map<String, List<String>> sensible;

  private CrdSpecs(JsonNode spec, Map<String, List<String>> sensible) {
    this.spec = spec;
    this.sensible = sensible;
  }

  /**
   * @param plural of the kind, such as {@code p2sgateways}
   * @param sensible texts by path (of {@code a.b[].c}'s form) that have a chance to be accepted
   */
  public static CrdSpecs of(String plural, Map<String, List<String>> sensible) {
    try {
      return new CrdSpecs(
          YAML.readTree(Files.readString(Path.of("crds", plural + ".yaml")))
              .at("/spec/versions/0/schema/openAPIV3Schema/properties/spec"),
          sensible);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every field that holds free text, such as {@code policyGroups[].members[].value}. */
  public List<String> textFields() {
    List<String> paths = new ArrayList<>();
    texts("", spec, paths);
    return paths;
  }

  /** Every field that holds a value and no others, of any type. */
  public List<String> valueFields() {
    List<String> paths = new ArrayList<>();
    values("", spec, paths);
    return paths;
  }

  /** A few values that a field may have: every one of an enumeration, the ends of a range. */
  public List<JsonNode> valuesOf(String path) {
    JsonNode schema = at(path);
    var nodes = YAML.getNodeFactory();
    return switch (schema.path("type").asText()) {
      case "boolean" -> List.of(nodes.booleanNode(true), nodes.booleanNode(false));
      case "integer" ->
          List.of(
              nodes.numberNode(schema.path("minimum").asInt(0)),
              nodes.numberNode(schema.path("maximum").asInt(1000)));
      default ->
          schema.has("enum")
              ? List.copyOf(
                  YAML.convertValue(schema.path("enum"), ArrayNode.class).valueStream().toList())
              : sensible.getOrDefault(path, List.of("a")).stream()
                  .map(text -> (JsonNode) nodes.textNode(text))
                  .toList();
    };
  }

  /** The smallest spec with a value at a path, everything that is required being sensible. */
  public ObjectNode with(String path, JsonNode value) {
    return (ObjectNode) placed("", spec, path, value);
  }

  /** Whether an object that may have the field must have it. */
  public boolean isRequired(String path) {
    int dot = path.lastIndexOf('.');
    return isRequired(
        dot < 0 ? spec : at(path.substring(0, dot)), path.substring(dot + 1).replace("[]", ""));
  }

  /** A random spec within the schema's bounds; rules (CEL) are not asked. */
  public ObjectNode random(Random random) {
    return (ObjectNode) node("", spec, random);
  }

  /** The smallest spec with a text at a path, everything that is required being sensible. */
  public ObjectNode with(String path, String text) {
    return with(path, YAML.getNodeFactory().textNode(text));
  }

  /** A block such as {@code radius} with what is required in it and nothing else. */
  public ObjectNode block(String name) {
    return (ObjectNode) smallest(name, spec.path("properties").path(name));
  }

  /** The text as the schema lets it through: no longer than the field's bound. */
  public String bounded(String path, String text) {
    int longest = at(path).path("maxLength").asInt(Integer.MAX_VALUE);
    return text.length() > longest ? text.substring(0, longest) : text;
  }

  private JsonNode at(String path) {
    JsonNode schema = spec;
    for (String step : path.split("\\.")) {
      String name = step.replace("[]", "").replace("{}", "");
      schema = schema.path("properties").path(name);
      if (step.endsWith("[]")) {
        schema = schema.path("items");
      } else if (step.endsWith("{}")) {
        schema = schema.path("additionalProperties");
      }
    }
    return schema;
  }

  private static void texts(String path, JsonNode schema, List<String> paths) {
    switch (schema.path("type").asText()) {
      case "string" -> {
        if (!schema.has("enum")) {
          paths.add(path);
        }
      }
      case "array" -> texts(path + "[]", schema.path("items"), paths);
      case "object" -> {
        schema
            .path("properties")
            .properties()
            .forEach(field -> texts(below(path, field.getKey()), field.getValue(), paths));
        if (schema.has("additionalProperties")) {
          texts(path + "{}", schema.path("additionalProperties"), paths);
        }
      }
      default -> {}
    }
  }

  private static void values(String path, JsonNode schema, List<String> paths) {
    if (schema.has("items")) {
      values(path + "[]", schema.path("items"), paths);
    } else if (schema.path("type").asText().equals("object")) {
      schema
          .path("properties")
          .properties()
          .forEach(field -> values(below(path, field.getKey()), field.getValue(), paths));
    } else {
      paths.add(path);
    }
  }

  private JsonNode placed(String at, JsonNode schema, String path, JsonNode value) {
    if (at.equals(path)) {
      return value;
    }
    if (schema.has("items")) {
      ArrayNode list = YAML.createArrayNode();
      list.add(placed(at + "[]", schema.path("items"), path, value));
      return list;
    }
    ObjectNode object = YAML.createObjectNode();
    schema
        .path("properties")
        .properties()
        .forEach(
            field -> {
              String below = below(at, field.getKey());
              if (leadsTo(below, path)) {
                object.set(field.getKey(), placed(below, field.getValue(), path, value));
              } else if (isRequired(schema, field.getKey())) {
                object.set(field.getKey(), smallest(below, field.getValue()));
              }
            });
    if (schema.has("additionalProperties")) {
      object.set("key", value);
    }
    return object;
  }

  private static boolean leadsTo(String below, String path) {
    return path.equals(below)
        || path.startsWith(below + ".")
        || path.startsWith(below + "[")
        || path.startsWith(below + "{");
  }

  /** A value with what is required and nothing else. */
  private JsonNode smallest(String path, JsonNode schema) {
    return switch (schema.path("type").asText()) {
      case "array" -> {
        ArrayNode list = YAML.createArrayNode();
        if (schema.path("minItems").asInt(0) > 0) {
          list.add(smallest(path + "[]", schema.path("items")));
        }
        yield list;
      }
      case "object" -> {
        ObjectNode object = YAML.createObjectNode();
        schema
            .path("properties")
            .properties()
            .forEach(
                field -> {
                  if (isRequired(schema, field.getKey())) {
                    object.set(
                        field.getKey(), smallest(below(path, field.getKey()), field.getValue()));
                  }
                });
        yield object;
      }
      case "string" ->
          YAML.getNodeFactory()
              .textNode(
                  schema.has("enum")
                      ? schema.path("enum").path(0).asText()
                      : sensible.getOrDefault(path, List.of("a")).getFirst());
      case "boolean" -> YAML.getNodeFactory().booleanNode(true);
      default -> YAML.getNodeFactory().numberNode(schema.path("minimum").asInt(0));
    };
  }

  private JsonNode node(String path, JsonNode schema, Random random) {
    return switch (schema.path("type").asText()) {
      case "array" -> list(path, schema, random);
      case "object" -> object(path, schema, random);
      case "string" -> YAML.getNodeFactory().textNode(text(path, schema, random));
      case "boolean" -> YAML.getNodeFactory().booleanNode(random.nextBoolean());
      default -> YAML.getNodeFactory().numberNode(number(schema, random));
    };
  }

  private ArrayNode list(String path, JsonNode schema, Random random) {
    int least = schema.path("minItems").asInt(0);
    int most = Math.min(schema.path("maxItems").asInt(LONGEST_LIST), LONGEST_LIST);
    int size = random.nextInt(3) == 0 ? random.nextInt(least, most + 1) : Math.max(least, 1);
    ArrayNode list = YAML.createArrayNode();
    for (int i = 0; i < size; i++) {
      list.add(node(path + "[]", schema.path("items"), random));
    }
    return list;
  }

  private ObjectNode object(String path, JsonNode schema, Random random) {
    ObjectNode object = YAML.createObjectNode();
    // at the top few parts at once, or one refusal would hide all others
    int oneIn = path.isEmpty() ? 8 : 2;
    schema
        .path("properties")
        .properties()
        .forEach(
            field -> {
              if (isRequired(schema, field.getKey()) || random.nextInt(oneIn) == 0) {
                object.set(
                    field.getKey(), node(below(path, field.getKey()), field.getValue(), random));
              }
            });
    if (schema.has("additionalProperties") && random.nextBoolean()) {
      object.put("key", text(path + "{}", schema.path("additionalProperties"), random));
    }
    return object;
  }

  private String text(String path, JsonNode schema, Random random) {
    if (schema.has("enum")) {
      JsonNode values = schema.path("enum");
      return values.path(random.nextInt(values.size())).asText();
    }
    List<String> good = sensible.getOrDefault(path, List.of("a", "b", "c"));
    if (schema.has("pattern") || random.nextInt(20) != 0) {
      return good.get(random.nextInt(good.size()));
    }
    int longest = Math.min(schema.path("maxLength").asInt(4096), 12_000);
    String text = HOSTILE.repeat(longest / HOSTILE.length() + 1);
    return text.substring(0, random.nextInt(schema.path("minLength").asInt(0), longest + 1));
  }

  private static int number(JsonNode schema, Random random) {
    int least = schema.path("minimum").asInt(0);
    int most = schema.path("maximum").asInt(1000);
    return switch (random.nextInt(4)) {
      case 0 -> least;
      case 1 -> most;
      default -> random.nextInt(least, most == Integer.MAX_VALUE ? most : most + 1);
    };
  }

  private static boolean isRequired(JsonNode schema, String name) {
    for (JsonNode required : schema.path("required")) {
      if (required.asText().equals(name)) {
        return true;
      }
    }
    return false;
  }

  private static String below(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }
}
