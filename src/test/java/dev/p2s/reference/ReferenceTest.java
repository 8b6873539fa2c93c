package dev.p2s.reference;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The committed reference is what the CRDs and the catalogue say; no field goes without a word. */
class ReferenceTest {

  @TestFactory
  Stream<DynamicTest> eachPageIsWhatTheSourcesSay() throws IOException {
    return Reference.pages().entrySet().stream()
        .map(
            page ->
                DynamicTest.dynamicTest(
                    page.getKey(),
                    () ->
                        assertThat(Path.of("docs/reference", page.getKey()))
                            .as("run make docs and commit")
                            .hasContent(page.getValue())));
  }

  @ParameterizedTest
  @ValueSource(strings = {"p2sgateways", "rootcertificates", "clientprofiles"})
  void everyFieldHasAMeaningAndEveryTextAndListOfASpecABound(String kind) throws IOException {
    JsonNode schema =
        new ObjectMapper(new YAMLFactory())
            .readTree(Files.readString(Path.of("crds", kind + ".yaml")))
            .at("/spec/versions/0/schema/openAPIV3Schema/properties");
    List<String> wanting = new ArrayList<>();
    meaning("spec", schema.path("spec"), wanting);
    meaning("status", schema.path("status"), wanting);
    bound("spec", schema.path("spec"), wanting);
    assertThat(wanting).isEmpty();
  }

  private static void meaning(String path, JsonNode schema, List<String> wanting) {
    JsonNode inner = schema.has("items") ? schema.path("items") : schema;
    inner
        .path("properties")
        .properties()
        .forEach(
            field -> {
              String below = path + "." + field.getKey();
              if (field.getValue().path("description").asText().isBlank()) {
                wanting.add(below + " has no description");
              }
              meaning(below, field.getValue(), wanting);
            });
  }

  private static void bound(String path, JsonNode schema, List<String> wanting) {
    boolean bounded =
        switch (schema.path("type").asText()) {
          case "string" -> schema.has("maxLength") || schema.has("enum");
          case "array" -> schema.has("maxItems");
          case "integer" -> schema.has("maximum");
          default -> true;
        };
    if (!bounded) {
      wanting.add(path + " has no bound");
    }
    if (schema.has("items")) {
      bound(path + "[]", schema.path("items"), wanting);
    }
    schema
        .path("properties")
        .properties()
        .forEach(field -> bound(path + "." + field.getKey(), field.getValue(), wanting));
  }
}
