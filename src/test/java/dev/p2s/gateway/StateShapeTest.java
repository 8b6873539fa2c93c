package dev.p2s.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.p2s.addressing.Cidr;
import dev.p2s.agent.state.StateBundle;
import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.api.v1alpha1.P2SGatewaySpec.Exposure;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.StateSecret;
import io.fabric8.kubernetes.api.model.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Operator and agent may be a version apart: golden/state/first.json is the shape that the first
 * agents were written for, and never changes.
 */
class StateShapeTest {

  private static final Path FIRST = Path.of("src/test/resources/golden/state/first.json");
  private static final ObjectMapper JSON = new ObjectMapper();
  // what the first agents do not start without
  private static final List<String> FIRST_ENTRIES =
      List.of(
          "state.json",
          "server-ca.crt",
          "server-rsa.crt",
          "server-rsa.key",
          "server-ec.crt",
          "server-ec.key",
          "tls-auth.key",
          "agent.crt",
          "agent.key",
          "control-ca.crt");

  @Test
  void givenTheStateOfTheFirstOperator_whenAnAgentOfTodayReadsIt_thenNothingIsLost()
      throws IOException {
    GatewayState state = read(Files.readString(FIRST));

    assertThat(state.generation()).isEqualTo(7);
    assertThat(state.clientAddressPools()).containsExactly(Cidr.parse("172.31.200.0/24"));
    assertThat(state.routes()).hasSize(2);
    assertThat(state.snat()).isTrue();
    assertThat(state.dns().servers()).containsExactly("10.96.0.10");
    assertThat(state.connectionLimit()).isEqualTo(250);
    assertThat(state.authentications()).containsExactly(AuthenticationType.Certificate);
    assertThat(state.roots()).extracting(GatewayState.TrustedRoot::name).contains("office-root");
    assertThat(state.revokedCertificates())
        .containsExactly(new GatewayState.Revocation("vpn/mallory", "2".repeat(64)));
    assertThat(state.blockedUsers()).containsExactly("mallory@example.com");
    assertThat(state.openVpn().tunnelMtu()).isEqualTo(1400);
  }

  @Test
  void givenTheStateOfToday_whenTheFirstAgentsReadIt_thenEveryFieldThatTheyKnowIsThere()
      throws IOException {
    JsonNode today = JSON.readTree(text(secret(), StateSecret.STATE));

    missing("", JSON.readTree(Files.readString(FIRST)), today);
    assertThat(secret().getData().keySet()).containsAll(FIRST_ENTRIES);
  }

  @Test
  void givenFieldsOfALaterVersionEverywhere_whenReadToday_thenTheyAreNoHindrance()
      throws IOException {
    for (String state : List.of(Files.readString(FIRST), text(secret(), StateSecret.STATE))) {
      JsonNode later = JSON.readTree(state);
      extend(later);

      assertThat(read(later.toString())).isEqualTo(read(state));
    }
  }

  @Test
  void givenTheStateOfToday_whenReadBack_thenItIsWhatWasWritten() throws IOException {
    String written = text(secret(), StateSecret.STATE);

    assertThat(JSON.readTree(JSON.writeValueAsString(read(written))))
        .isEqualTo(JSON.readTree(written));
  }

  private static void missing(String path, JsonNode first, JsonNode today) {
    assertThat(today).as("%s is written", path).isNotNull();
    assertThat(today.getNodeType()).as("type of %s", path).isEqualTo(first.getNodeType());
    first
        .properties()
        .forEach(
            field ->
                missing(path + "." + field.getKey(), field.getValue(), today.get(field.getKey())));
    if (first.isArray() && first.get(0).isObject()) {
      assertThat(today).as("%s has an example", path).isNotEmpty();
      missing(path + "[0]", first.get(0), today.get(0));
    }
  }

  private static void extend(JsonNode node) {
    if (node instanceof ObjectNode object) {
      new TreeSet<>(object.properties().stream().map(Map.Entry::getKey).collect(Collectors.toSet()))
          .forEach(field -> extend(object.get(field)));
      object.putObject("hologram").put("depth", 4);
    }
    if (node.isArray()) {
      node.forEach(StateShapeTest::extend);
    }
  }

  private static GatewayState read(String state) {
    Map<String, String> entries = new TreeMap<>();
    FIRST_ENTRIES.forEach(entry -> entries.put(entry, "pem"));
    entries.put(StateSecret.STATE, state);
    return StateBundle.of(entries).state();
  }

  private static Secret secret() throws JsonProcessingException {
    GatewayKeys.Leaf leaf = new GatewayKeys.Leaf("certificate", "key");
    return new GatewayStatePlan(
            Gateways.office(Exposure.Type.HostPort),
            List.of(new GatewayState.TrustedRoot("office-root", "1".repeat(64), "pem")),
            List.of(new GatewayState.Revocation("vpn/mallory", "2".repeat(64))),
            Map.of(),
            List.of())
        .secret(
            null, new GatewayKeys("office.vpn.p2s", "ca", leaf, leaf, "key", "", "ca", leaf, leaf));
  }

  private static String text(Secret secret, String entry) {
    return new String(
        Base64.getDecoder().decode(secret.getData().get(entry)), StandardCharsets.UTF_8);
  }
}
