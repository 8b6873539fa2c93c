package dev.p2s.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.p2s.api.v1alpha1.P2SGatewaySpec;
import dev.p2s.catalog.GatewaySku;
import dev.p2s.crd.CrdSpecs;
import dev.p2s.gateway.GatewayJudge.Outcome;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.util.Optional;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From which SKU to which other a gateway may go, and that its packages stay what they are. */
class ResizeRulesTest {

  @Test
  void givenEveryPairOfSkus_whenResized_thenWithinAGenerationOnlyAndNeverFromOrToBasic() {
    SoftAssertions pairs = new SoftAssertions();
    for (GatewaySku from : GatewaySku.all()) {
      for (GatewaySku to : GatewaySku.all()) {
        boolean offered =
            from.equals(to)
                || (from.generation().equals(to.generation()) && !from.isBasic() && !to.isBasic());
        pairs
            .assertThat(refusal(sku(from), to).isEmpty())
            .as("from %s to %s", from, to)
            .isEqualTo(offered);
      }
    }
    pairs.assertAll();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sku: {generation: Generation1, name: VpnGw2}|Generation2|VpnGw2|spec.sku: VpnGw2 of Generation2: the gateway is of Generation1, within which there are VpnGw1, VpnGw2, VpnGw3, VpnGw1AZ, VpnGw2AZ, VpnGw3AZ; keep the present one, or delete the gateway and create it anew: its kept Secrets keep every package valid",
        "{}|Generation1|Basic|spec.sku: Basic: a gateway of VpnGw1AZ cannot be resized, since none is resized from or to Basic",
        "sku: {name: Basic}|Generation1|VpnGw1|spec.sku: VpnGw1: a gateway of Basic cannot be resized",
      })
  void givenAResizeThatIsNotOffered_whenJudged_thenTheSentenceSaysWhatIs(
      String accepted, String generation, String name, String sentence) {
    assertThat(refusal(accepted, GatewaySku.of(generation, name).orElseThrow()))
        .hasValueSatisfying(
            refused -> {
              assertThat(refused.reason()).isEqualTo(GatewayRefusal.ResizeNotOffered);
              assertThat(refused).hasMessageStartingWith(sentence);
            });
  }

  @Test
  void givenOwnFigures_whenResized_thenEveryRowButBasicIsOffered() {
    String custom = "sku: {custom: {connections: 700}}";
    for (GatewaySku row : GatewaySku.all()) {
      assertThat(refusal(custom, row).isEmpty()).as(row.toString()).isEqualTo(!row.isBasic());
    }
  }

  @Test
  void givenASmallerSku_whenTheEditIsJudged_thenItIsAcceptedAndNoPackageChanges() {
    ObjectNode large = spec("sku: {generation: Generation1, name: VpnGw3AZ}");
    ObjectNode small = spec("sku: {name: VpnGw1AZ}");
    Outcome before = judged(large, Optional.empty());
    Outcome after = judged(small, Optional.of(state(large.toString())));
    assertThat(after).isInstanceOf(Outcome.Accepted.class);
    var ofLarge =
        RenderedGateway.files(GatewaySpecs.gateway(large), ((Outcome.Accepted) before).gateway());
    var ofSmall =
        RenderedGateway.files(GatewaySpecs.gateway(small), ((Outcome.Accepted) after).gateway());
    assertThat(ofSmall.get("state.json")).contains("\"connectionLimit\":250");
    assertThat(ofLarge.get("state.json")).contains("\"connectionLimit\":1000");
    assertThat(ofSmall.get("Certificate OpenVPN/vpnconfig.ovpn"))
        .isNotEmpty()
        .isEqualTo(ofLarge.get("Certificate OpenVPN/vpnconfig.ovpn"));
  }

  private static Outcome judged(ObjectNode spec, Optional<Secret> state) {
    return new GatewayValidation()
        .validate(GatewaySpecs.gateway(spec), GatewaySpecs.seen(java.util.List.of(), state));
  }

  private static Optional<GatewayRefused> refusal(String accepted, GatewaySku wanted) {
    try {
      ResizeRules.check(
          Optional.of(CrdSpecs.YAML.treeToValue(spec(accepted), P2SGatewaySpec.class)), wanted);
      return Optional.empty();
    } catch (GatewayRefused e) {
      return Optional.of(e);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(accepted, e);
    }
  }

  private static String sku(GatewaySku row) {
    return "sku: {generation: " + row.generation() + ", name: " + row.name() + "}";
  }

  private static Secret state(String spec) {
    return new SecretBuilder()
        .addToData(GatewayStatePlan.ACCEPTED_SPEC, GatewayStatePlan.base64(spec))
        .build();
  }

  private static ObjectNode spec(String yaml) {
    try {
      ObjectNode spec = (ObjectNode) CrdSpecs.YAML.readTree(yaml);
      spec.putArray("clientAddressPools").add("172.31.200.0/24");
      return spec;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(yaml, e);
    }
  }
}
