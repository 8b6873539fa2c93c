package dev.p2s.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.p2s.gateway.GatewayJudge.Outcome;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What a person writes is done or refused; no field of the spec is taken and forgotten. */
class NoFieldIgnoredTest {

  /** Fields that change nothing of what is written, and why that is right. */
  private static final Map<String, String> TOLD_ELSEWHERE =
      Map.of(
          "blockedUsers[].reason", "for whoever reads the spec",
          "sku.custom.throughputMbps", "stands in status.skuRow; counts where the policy is Shape",
          "sku.custom.sstpConnections", "stands in status.skuRow; counts where SSTP is served",
          "radius.servers[].secretRef.name", "says which Secret is read (RadiusClusterIT)",
          "radius.servers[].secretRef.key", "says which entry of it is read (RadiusClusterIT)",
          "tlsAuthSecretRef.name", "says which Secret is adopted (ServerCertificateClusterIT)",
          "podUpdates", "says who takes old pods away (RolloutTest, ScalingClusterIT)");

  @Test
  void givenEachFieldOfTheSpec_whenItHasAValue_thenSomethingIsWrittenOrRefusedForIt() {
    Set<String> ignored = new TreeSet<>();
    for (String field : GatewaySpecs.CRD.valueFields()) {
      if (!TOLD_ELSEWHERE.containsKey(field) && !isOfProfiles(field) && !matters(field)) {
        ignored.add(field);
      }
    }
    assertThat(ignored).isEmpty();
  }

  @Test
  void givenTheExceptions_whenTheSchemaIsRead_thenEachIsAFieldOfIt() {
    assertThat(GatewaySpecs.CRD.valueFields()).containsAll(TOLD_ELSEWHERE.keySet());
  }

  /** What ClientProfiles are judged by and made from stands in no file of the gateway's. */
  private static boolean isOfProfiles(String field) {
    return field.startsWith("allowedProfiles.") || field.startsWith("clientProfileDefaults.");
  }

  /** Whether one of the field's values is refused, or two of them (or none) differ in a file. */
  private static boolean matters(String field) {
    Set<Map<String, String>> written = new HashSet<>();
    List<JsonNode> values = GatewaySpecs.CRD.valuesOf(field);
    for (JsonNode value : values) {
      ObjectNode spec = GatewaySpecs.with(field, value);
      Optional<Map<String, String>> files = files(spec);
      if (files.isEmpty()) {
        return true;
      }
      written.add(files.get());
    }
    if (written.size() > 1 || GatewaySpecs.CRD.isRequired(field)) {
      return written.size() > 1;
    }
    ObjectNode without = without(GatewaySpecs.with(field, values.getFirst()), field);
    Optional<Map<String, String>> absent = files(without);
    absent.ifPresent(written::add);
    return absent.isEmpty() || written.size() > 1;
  }

  private static Optional<Map<String, String>> files(ObjectNode spec) {
    return GatewaySpecs.judged(spec) instanceof Outcome.Accepted accepted
        ? Optional.of(RenderedGateway.files(GatewaySpecs.gateway(spec), accepted.gateway()))
        : Optional.empty();
  }

  private static ObjectNode without(ObjectNode spec, String field) {
    JsonNode at = spec;
    String[] steps = field.split("\\.");
    for (int i = 0; i < steps.length - 1; i++) {
      at = at.path(steps[i].replace("[]", ""));
      at = steps[i].endsWith("[]") ? at.path(0) : at;
    }
    ((ObjectNode) at).remove(steps[steps.length - 1].replace("[]", ""));
    return spec;
  }
}
