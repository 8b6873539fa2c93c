package dev.p2s.clientprofile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.p2s.api.v1alpha1.P2SGateway;
import dev.p2s.api.v1alpha1.P2SGatewaySpec;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AllowedNamespacesTest {

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}|false",
        "{from: Same}|false",
        "{from: All}|true",
        "{from: Selector}|false",
        "{from: Selector, selector: {}}|true",
        "{from: Selector, selector: {matchLabels: {team: a}}}|true",
        "{from: Selector, selector: {matchLabels: {team: b}}}|false",
        "{from: Selector, selector: {matchLabels: {team: a, other: x}}}|false",
        "{from: Selector, selector: {matchExpressions: [{key: team, operator: In, values: [b, a]}]}}|true",
        "{from: Selector, selector: {matchExpressions: [{key: nothing, operator: In, values: [a]}]}}|false",
        "{from: Selector, selector: {matchExpressions: [{key: team, operator: NotIn, values: [a]}]}}|false",
        "{from: Selector, selector: {matchExpressions: [{key: nothing, operator: NotIn, values: [a]}]}}|true",
        "{from: Selector, selector: {matchExpressions: [{key: team, operator: Exists}]}}|true",
        "{from: Selector, selector: {matchExpressions: [{key: team, operator: DoesNotExist}]}}|false",
        "{from: Selector, selector: {matchExpressions: [{key: team, operator: Is, values: [a]}]}}|false",
        "{from: Selector, selector: {matchLabels: {team: a}, matchExpressions: [{key: team, operator: DoesNotExist}]}}|false",
      })
  void givenAnotherNamespace_whenItAsks_thenTheSelectorMeansWhatItMeansInKubernetes(
      String namespaces, boolean allowed) throws JsonProcessingException {
    P2SGateway gateway = gateway("{allowedProfiles: {namespaces: " + namespaces + "}}");

    assertThat(AllowedNamespaces.allow(gateway, "team-a", Map.of("team", "a"))).isEqualTo(allowed);
    assertThat(AllowedNamespaces.allow(gateway, "vpn", Map.of())).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"{}", "{allowedProfiles: {}}"})
  void givenAGatewayThatSaysNothing_whenAnotherNamespaceAsks_thenItIsNotAllowed(String spec)
      throws JsonProcessingException {
    assertThat(AllowedNamespaces.allow(gateway(spec), "team-a", Map.of())).isFalse();
    assertThat(AllowedNamespaces.allow(gateway(spec), "vpn", Map.of())).isTrue();
  }

  private static P2SGateway gateway(String yaml) throws JsonProcessingException {
    P2SGateway gateway = new P2SGateway();
    gateway.setMetadata(new ObjectMetaBuilder().withName("office").withNamespace("vpn").build());
    gateway.setSpec(YAML.readValue(yaml, P2SGatewaySpec.class));
    return gateway;
  }
}
