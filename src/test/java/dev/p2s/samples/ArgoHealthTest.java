package dev.p2s.samples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.luaj.vm2.Globals;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.lib.jse.JsePlatform;

/** What Argo CD says of objects by the scripts in {@code samples/argocd}. */
class ArgoHealthTest {

  private static final String KIND = "resource.customizations.health.p2s.dev_";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Accepted=True/Accepted Programmed=True/Programmed Ready=True/Ready|Healthy",
        "Accepted=True/Accepted Programmed=False/Programming Ready=True/Ready|Progressing",
        "Accepted=True/Accepted Programmed=False/PodsRefused Ready=False/WaitingForPods|Progressing",
        "Accepted=True/Accepted Programmed=False/PodsRefused Ready=True/Ready|Degraded",
        "Accepted=True/Accepted Programmed=True/Programmed Ready=False/AddressPending|Progressing",
        "Accepted=False/PoolOverlap Programmed=False/NotAccepted Ready=False/NotAccepted|Degraded",
        "Accepted=False/PoolOverlap Programmed=False/RunsEarlierSpec Ready=True/Ready|Degraded",
        "Accepted=False/SecretNotFound Ready=False/NotAccepted|Progressing",
        "Accepted=False/SourceNotFound Ready=False/SourceNotFound|Progressing",
        "Accepted=True/Accepted Ready=False/GatewayNotFound|Progressing",
        "Accepted=True/Accepted Ready=False/Suspended|Suspended",
        "Accepted=True/Accepted Ready=False/NoRootWithKey|Degraded",
        "Accepted=True/Accepted Ready=True/Ready|Healthy",
      })
  void givenConditions_whenArgoLooks_thenItSaysWhetherSomebodyHasToMendSomething(
      String conditions, String health) {
    assertThat(health(object(7, 7, conditions))).isEqualTo(health);
  }

  @Test
  void givenAStatusOfAnEarlierGeneration_whenArgoLooks_thenItWaits() {
    assertThat(health(object(8, 7, "Accepted=True/Accepted Ready=True/Ready")))
        .isEqualTo("Progressing");
    assertThat(health("{\"metadata\":{\"generation\":1}}")).isEqualTo("Progressing");
  }

  private static String object(int generation, int observed, String conditions) {
    String list =
        Stream.of(conditions.split(" "))
            .map(condition -> condition.split("[=/]"))
            .map(
                parts ->
                    "{\"type\":\"%s\",\"status\":\"%s\",\"reason\":\"%s\",\"message\":\"why\",\"observedGeneration\":%d}"
                        .formatted(parts[0], parts[1], parts[2], observed))
            .reduce((one, other) -> one + "," + other)
            .orElseThrow();
    return "{\"metadata\":{\"generation\":%d},\"status\":{\"observedGeneration\":%d,\"conditions\":[%s]}}"
        .formatted(generation, observed, list);
  }

  private static String health(String json) {
    try {
      ConfigMap sample =
          Serialization.unmarshal(
              Files.readString(Path.of("samples/argocd/argocd-cm.yaml")), ConfigMap.class);
      Globals lua = JsePlatform.standardGlobals();
      lua.set("obj", table(Serialization.jsonMapper().readTree(json)));
      String script = sample.getData().get(KIND + "P2SGateway");
      assertThat(sample.getData().get(KIND + "RootCertificate")).isEqualTo(script);
      assertThat(sample.getData().get(KIND + "ClientProfile")).isEqualTo(script);
      LuaTable said = lua.load(script).call().checktable();
      assertThat(said.get("message").tojstring()).isNotEmpty();
      return said.get("status").tojstring();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static LuaValue table(JsonNode node) {
    if (node.isObject()) {
      LuaTable table = new LuaTable();
      node.properties().forEach(field -> table.set(field.getKey(), table(field.getValue())));
      return table;
    }
    if (node.isArray()) {
      LuaTable table = new LuaTable();
      for (int i = 0; i < node.size(); i++) {
        table.set(i + 1, table(node.get(i)));
      }
      return table;
    }
    return node.isNumber() ? LuaValue.valueOf(node.asInt()) : LuaValue.valueOf(node.asText());
  }
}
