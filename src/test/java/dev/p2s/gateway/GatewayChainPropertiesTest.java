package dev.p2s.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.p2s.catalog.TunnelAuthentication;
import dev.p2s.crd.CrdSpecs;
import dev.p2s.gateway.GatewayJudge.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;

/**
 * What holds for every spec that the CRD admits, however nonsensical: it is planned or refused with
 * a typed reason, no text gets where it could be read as a directive, and order means nothing where
 * it has no meaning.
 */
class GatewayChainPropertiesTest {

  /** Characters that end a line for somebody. */
  private static final String LINE_ENDS = "[\\x00-\\x09\\x0b-\\x1f\\x7f\u0085\u2028\u2029]";

  /** Lists whose order a person cannot mean anything with. */
  private static final Set<String> UNORDERED =
      Set.of(
          "tunnelTypes",
          "authenticationTypes",
          "revokedCertificates",
          "blockedUsers",
          "include",
          "exclude",
          "policyGroups",
          "members",
          "requiredClaims");

  @Property(tries = 3000)
  void anySpec_isPlannedOrRefusedWithAReason(@ForAll("specs") ObjectNode spec) {
    switch (GatewaySpecs.judged(spec)) {
      case Outcome.Accepted accepted -> {
        ResolvedGateway gateway = accepted.gateway();
        assertThat(
                TunnelAuthentication.allows(gateway.tunnelTypes(), gateway.authenticationTypes()))
            .isTrue();
        assertThat(gateway.clientAddressPools()).isNotEmpty();
        assertThat(gateway.routes()).isNotEmpty();
        harmless(RenderedGateway.files(GatewaySpecs.gateway(spec), gateway));
        Statistics.collect("accepted");
      }
      case Outcome.Refused refused -> {
        assertThat(refused.reason()).isInstanceOf(GatewayRefusal.class);
        assertThat(refused.message())
            .startsWith("spec.")
            .hasSizeLessThan(1000)
            .doesNotContain("null")
            .doesNotContainPattern(LINE_ENDS)
            .doesNotContain("\n");
        Statistics.collect(refused.reason());
      }
    }
    Statistics.coverage(
        checker -> {
          checker.check("accepted").percentage(share -> share > 3);
          checker.check(GatewayRefusal.PolicyGroupInvalid).count(count -> count > 0);
          checker.check(GatewayRefusal.TunnelAuthenticationNotOffered).count(count -> count > 0);
        });
  }

  @Property(tries = 3000)
  void hostileText_neverReachesAFile(
      @ForAll("textFields") String field, @ForAll("hostile") String text) {
    ObjectNode spec = GatewaySpecs.with(field, GatewaySpecs.CRD.bounded(field, text));
    switch (GatewaySpecs.judged(spec)) {
      case Outcome.Accepted accepted ->
          harmless(RenderedGateway.files(GatewaySpecs.gateway(spec), accepted.gateway()));
      case Outcome.Refused refused ->
          assertThat(refused.message())
              .startsWith("spec.")
              .hasSizeLessThan(1000)
              .doesNotContainPattern(LINE_ENDS)
              .doesNotContain("\n");
    }
  }

  @Property(tries = 2000)
  void orderWithoutMeaning_changesNoPlan(@ForAll("specs") ObjectNode spec, @ForAll Random random) {
    Outcome one = GatewaySpecs.judged(spec);
    ObjectNode other = (ObjectNode) shuffled("", spec, random);
    assertThat(GatewaySpecs.judged(spec)).isEqualTo(one);
    if (one instanceof Outcome.Accepted accepted) {
      Outcome again = GatewaySpecs.judged(other);
      assertThat(again).isInstanceOf(Outcome.Accepted.class);
      assertThat(
              RenderedGateway.files(
                  GatewaySpecs.gateway(other), ((Outcome.Accepted) again).gateway()))
          .isEqualTo(RenderedGateway.files(GatewaySpecs.gateway(spec), accepted.gateway()));
    } else {
      assertThat(GatewaySpecs.judged(other)).isInstanceOf(Outcome.Refused.class);
    }
  }

  @Example
  void routesInAnotherOrder_areTheSameState() {
    ObjectNode one = GatewaySpecs.CRD.with("routes.include[]", "10.0.0.0/8");
    ObjectNode other = one.deepCopy();
    ((ArrayNode) one.at("/routes/include")).add("192.0.2.0/24").add("10.0.0.0/8");
    ((ArrayNode) other.at("/routes/include")).insert(0, "192.0.2.0/24");
    assertThat(((Outcome.Accepted) GatewaySpecs.judged(one)).gateway())
        .isEqualTo(((Outcome.Accepted) GatewaySpecs.judged(other)).gateway());
  }

  @Provide
  Arbitrary<ObjectNode> specs() {
    return Arbitraries.randomValue(GatewaySpecs::random);
  }

  @Provide
  Arbitrary<String> textFields() {
    return Arbitraries.of(GatewaySpecs.CRD.textFields());
  }

  @Provide
  Arbitrary<String> hostile() {
    Arbitrary<String> one =
        Arbitraries.of("\r", "\n", "\u0000", "\"", "'", "{", "}", "#", "\u0085", "\u2028", "\u2029")
            .map(mark -> "x" + mark + "script-security 3");
    return Arbitraries.oneOf(
        one, Arbitraries.just(CrdSpecs.HOSTILE), one.map(text -> text.repeat(600)));
  }

  /** No file has a directive of a person's text; the state quotes what it has to compare with. */
  private static void harmless(Map<String, String> files) {
    assertThat(files.get("state.json")).doesNotContainPattern(LINE_ENDS).doesNotContain("\n");
    files.forEach(
        (name, content) -> {
          if (!name.equals("state.json") && !name.endsWith(".cer_0")) {
            assertThat(content).as(name).doesNotContain("script-security 3", "up /bin/sh");
          }
        });
  }

  private static JsonNode shuffled(String name, JsonNode node, Random random) {
    if (node instanceof ArrayNode list) {
      List<JsonNode> items = new ArrayList<>();
      list.forEach(item -> items.add(shuffled("", item, random)));
      if (UNORDERED.contains(name)) {
        Collections.shuffle(items, random);
      }
      ArrayNode shuffled = CrdSpecs.YAML.createArrayNode();
      shuffled.addAll(items);
      return shuffled;
    }
    if (node instanceof ObjectNode object) {
      List<Map.Entry<String, JsonNode>> fields = new ArrayList<>(object.properties());
      Collections.shuffle(fields, random);
      ObjectNode shuffled = CrdSpecs.YAML.createObjectNode();
      fields.forEach(f -> shuffled.set(f.getKey(), shuffled(f.getKey(), f.getValue(), random)));
      return shuffled;
    }
    return node;
  }
}
