package dev.p2s.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.p2s.crd.CrdSpecs;
import dev.p2s.gateway.GatewayJudge.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The gateways of golden/crs through the chain alone, in a fixed cluster; SeedRowsClusterIT applies
 * the same folders to a real API server.
 */
class GoldenCrsTest {

  private static final Path FOLDERS = Path.of("src/test/resources/golden/crs");

  @TestFactory
  Stream<DynamicTest> eachGatewayIsJudgedAsItsFolderSays() throws IOException {
    return Files.list(FOLDERS)
        .sorted()
        .filter(folder -> !Files.exists(folder.resolve("before.yaml")))
        .filter(folder -> object(folder).path("kind").asText().equals("P2SGateway"))
        .map(
            folder ->
                DynamicTest.dynamicTest(folder.getFileName().toString(), () -> judge(folder)));
  }

  private static void judge(Path folder) throws IOException {
    List<String> lines = Files.readAllLines(folder.resolve("condition.txt"));
    ObjectNode spec = (ObjectNode) object(folder).path("spec");
    if (!spec.has("clientAddressPools")) {
      spec.putArray("clientAddressPools").add("172.31.200.0/24");
    }
    boolean valid = folder.getFileName().toString().startsWith("valid-");
    String message =
        switch (GatewaySpecs.judged(spec)) {
          case Outcome.Accepted accepted -> {
            assertThat(valid).as(accepted.message()).isTrue();
            assertThat(lines.getFirst()).isEqualTo("Accepted");
            yield accepted.message();
          }
          case Outcome.Refused refused -> {
            assertThat(valid).as(refused.message()).isFalse();
            assertThat(refused.reason().name()).isEqualTo(lines.getFirst());
            yield refused.message();
          }
        };
    lines.stream().skip(1).forEach(line -> assertThat(message).contains(line));
  }

  private static JsonNode object(Path folder) {
    try {
      return CrdSpecs.YAML.readTree(Files.readString(folder.resolve("cr.yaml")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
