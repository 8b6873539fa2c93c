package dev.p2s.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.p2s.addressing.Cidr;
import dev.p2s.api.v1alpha1.P2SGateway;
import dev.p2s.api.v1alpha1.P2SGatewayStatus;
import dev.p2s.crd.CrdSpecs;
import dev.p2s.gateway.GatewayJudge.Outcome;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose a pool is, and what a later gateway, a later node or a route has to do with it. */
class PoolRulesTest {

  private static final String OFFICE = "{clientAddressPools: [172.31.200.0/24]}";

  @Test
  void givenAGatewayThatRuns_whenAnOtherWantsItsPool_thenTheOtherIsRefusedHoweverOldItIs() {
    P2SGateway running = other("2026-11-23T12:00:00Z", OFFICE, true);
    assertThat(judged("2026-11-23T11:00:00Z", "{clientAddressPools: [172.31.200.0/25]}", running))
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused ->
                assertThat(refused.message())
                    .isEqualTo(
                        "spec.clientAddressPools[0]: 172.31.200.0/25 overlaps 172.31.200.0/24 of"
                            + " gateway branch/corp; take a range that nobody uses, such as"
                            + " 172.31.200.0/24"));
  }

  @Test
  void givenTwoGatewaysThatNeverRan_whenTheyWantOnePool_thenTheOlderHasIt() {
    assertThat(judged("2026-11-23T11:00:00Z", OFFICE, other("2026-11-23T12:00:00Z", OFFICE, false)))
        .isInstanceOf(Outcome.Accepted.class);
    assertThat(judged("2026-11-23T12:00:00Z", OFFICE, other("2026-11-23T11:00:00Z", OFFICE, false)))
        .isInstanceOf(Outcome.Refused.class);
  }

  @Test
  void givenAnAcceptedGateway_whenAnOtherOrANodeTakesItsPoolLater_thenItStaysItsOwn()
      throws JsonProcessingException {
    P2SGateway later = other("2026-11-23T12:00:00Z", OFFICE, true);
    var nodes =
        new ClusterFacts(
            GatewaySpecs.FACTS.serviceRanges(),
            List.of(Cidr.parse("172.31.0.0/16")),
            List.of(),
            List.of(),
            Optional.empty());
    Outcome outcome =
        new GatewayValidation()
            .validate(
                GatewaySpecs.gateway(spec(OFFICE)),
                GatewaySpecs.seen(nodes, List.of(later), Optional.of(accepted(OFFICE))));
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Accepted.class,
            accepted ->
                assertThat(accepted.message())
                    .contains(
                        "172.31.200.0/24 overlaps 172.31.0.0/16 of the cluster's Pods, which has"
                            + " grown into it; move the pool"));
  }

  @Test
  void givenAGroupsPool_whenTheClusterOrAnOtherGatewayHasIt_thenTheGroupIsNamed() {
    String group =
        "{clientAddressPools: [172.31.200.0/24], policyGroups: [{name: all, priority: 1, default:"
            + " true, clientAddressPools: [%s]}]}";
    assertThat(judged("", group.formatted("10.244.3.0/24")))
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused ->
                assertThat(refused.message())
                    .startsWith(
                        "spec.policyGroups['all'].clientAddressPools[0]: 10.244.3.0/24 overlaps"
                            + " 10.244.0.0/16 of the cluster's Pods"));
    P2SGateway groups = other("", group.formatted("172.31.210.0/24"), true);
    assertThat(judged("", "{clientAddressPools: [172.31.210.0/25]}", groups))
        .isInstanceOf(Outcome.Refused.class);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "172.31.0.0/16, -",
        "0.0.0.0/0, -",
        "172.31.200.0/24, 172.31.200.0/24 lies within 172.31.200.0/24 of"
            + " spec.clientAddressPools[0]",
        "172.31.200.128/25, 172.31.200.128/25 lies within 172.31.200.0/24 of"
            + " spec.clientAddressPools[0]",
        "172.31.201.0/24, -",
      })
  void givenARouteAndAPool_whenJudged_thenOnlyARouteThatIsNoWiderIsAnOverlap(
      String route, String sentence) {
    Outcome outcome =
        judged("", "{clientAddressPools: [172.31.200.0/24], routes: {include: [" + route + "]}}");
    if (sentence == null) {
      assertThat(outcome).isInstanceOf(Outcome.Accepted.class);
    } else {
      assertThat(outcome)
          .isInstanceOfSatisfying(
              Outcome.Refused.class,
              refused -> {
                assertThat(refused.reason()).isEqualTo(GatewayRefusal.RouteInvalid);
                assertThat(refused.message()).contains(sentence, "name a wider range");
              });
    }
  }

  private static Outcome judged(String created, String yaml, P2SGateway... others) {
    P2SGateway gateway = GatewaySpecs.gateway(spec(yaml));
    gateway.getMetadata().setCreationTimestamp(created);
    return new GatewayValidation()
        .validate(gateway, GatewaySpecs.seen(List.of(others), Optional.empty()));
  }

  private static P2SGateway other(String created, String yaml, boolean runs) {
    P2SGateway other = GatewaySpecs.gateway(spec(yaml));
    other.getMetadata().setNamespace("branch");
    other.getMetadata().setName("corp");
    other.getMetadata().setCreationTimestamp(created);
    if (runs) {
      other.setStatus(
          Serialization.unmarshal("{\"programmedGeneration\": 3}", P2SGatewayStatus.class));
    }
    return other;
  }

  private static Secret accepted(String yaml) {
    return new SecretBuilder()
        .addToData(GatewayStatePlan.ACCEPTED_SPEC, GatewayStatePlan.base64(spec(yaml).toString()))
        .build();
  }

  private static ObjectNode spec(String yaml) {
    try {
      return (ObjectNode) CrdSpecs.YAML.readTree(yaml);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(yaml, e);
    }
  }
}
