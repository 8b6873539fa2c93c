package dev.p2s.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.api.v1alpha1.P2SGateway;
import dev.p2s.api.v1alpha1.P2SGatewaySpec.Exposure;
import dev.p2s.dataplane.GoldenFile;
import dev.p2s.status.Conditions;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.NamingConvention;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GatewayAutoscalerTest {

  private static final DataPlaneImages IMAGES =
      new DataPlaneImages("operator", "openvpn", "strongswan", "IfNotPresent");

  @Test
  void givenTheSample_whenPlanned_thenTheAutoscalerIsTheReviewedOne() throws IOException {
    ResolvedGateway campus = resolved("samples/autoscaling/gateway.yaml");
    assertThat(campus.scaling().autoscaling())
        .contains(new GatewayScaling.Autoscaling(1, 4, 125, Duration.ofMinutes(5)));

    List<HorizontalPodAutoscaler> autoscalers =
        new GatewayPlan(campus, IMAGES)
            .resources().stream()
                .filter(HorizontalPodAutoscaler.class::isInstance)
                .map(HorizontalPodAutoscaler.class::cast)
                .toList();

    assertThat(autoscalers).hasSize(1);
    GoldenFile.assertMatches(
        "gateway-plan/autoscaler.yaml", Serialization.asYaml(autoscalers.getFirst()));
  }

  @Test
  void givenNoMaxReplicas_whenPlanned_thenAnAutoscalerOfAnEarlierSpecIsObsolete() {
    assertThat(new GatewayPlan(Gateways.office(Exposure.Type.HostPort), IMAGES).obsolete())
        .extracting(object -> object.getKind() + " " + object.getMetadata().getName())
        .containsExactlyInAnyOrder("Service office", "HorizontalPodAutoscaler office");
  }

  @Test
  void givenAMetricThatNobodyServes_whenTold_thenTheConditionSaysWhatToDo() {
    Conditions conditions = conditions();
    GatewayAutoscaler.tell(
        conditions, Optional.of(autoscaler("False", "unable to get external metric")));
    assertThat(only(conditions).getStatus()).isEqualTo("False");
    assertThat(only(conditions).getReason()).isEqualTo("MetricMissing");
    assertThat(only(conditions).getMessage())
        .startsWith("the number of pods stays as it is: unable to get external metric; the metric")
        .contains("metricsApi.enabled");
  }

  @Test
  void givenAnAutoscalerThatWorks_whenTold_thenTheConditionHolds() {
    Conditions conditions = conditions();
    GatewayAutoscaler.tell(conditions, Optional.of(autoscaler("True", "")));
    assertThat(only(conditions).getStatus()).isEqualTo("True");
  }

  @Test
  void givenAnAutoscalerThatHasNotTriedYet_whenTold_thenNothingIsSaid() {
    Conditions conditions = conditions();
    GatewayAutoscaler.tell(conditions, Optional.of(new HorizontalPodAutoscaler()));
    assertThat(conditions.list()).isEmpty();
  }

  @Test
  void givenAGateway_whenScraped_thenTheMeterIsTheMetricThatAutoscalersAndSamplesName()
      throws IOException {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    GatewayMeters meters = new GatewayMeters(registry);
    meters.measured(new ResourceID("office", "vpn"), 17, 250);
    assertThat(registry.getMeters())
        .allSatisfy(
            meter ->
                assertThat(meter.getId().getTags())
                    .contains(Tag.of(GatewayAutoscaler.GATEWAY, "office"))
                    .contains(Tag.of("namespace", "vpn")))
        .extracting(meter -> meter.getId().getConventionName(NamingConvention.snakeCase))
        .containsExactlyInAnyOrder(GatewayAutoscaler.METRIC, "p2s_gateway_connection_limit");
    assertThat(registry.get("p2s.gateway.connections").gauge().value()).isEqualTo(17);

    meters.retain(Set.of());
    assertThat(registry.getMeters()).isEmpty();

    for (String sample : List.of("prometheus-adapter-values", "keda")) {
      assertThat(Files.readString(Path.of("samples/autoscaling/" + sample + ".yaml")))
          .contains(GatewayAutoscaler.METRIC)
          .contains(GatewayAutoscaler.GATEWAY);
    }
  }

  private static ResolvedGateway resolved(String sample) throws IOException {
    P2SGateway gateway =
        Serialization.unmarshal(Files.readString(Path.of(sample)), P2SGateway.class);
    gateway.getMetadata().setUid("1");
    gateway.getMetadata().setGeneration(1L);
    GatewayJudge.Outcome outcome =
        new GatewayValidation()
            .validate(gateway, GatewaySpecs.seen(List.of(), Optional.empty(), gateway));
    assertThat(outcome).isInstanceOf(GatewayJudge.Outcome.Accepted.class);
    return ((GatewayJudge.Outcome.Accepted) outcome).gateway();
  }

  private static HorizontalPodAutoscaler autoscaler(String active, String message) {
    return new HorizontalPodAutoscalerBuilder()
        .withNewStatus()
        .addNewCondition()
        .withType("ScalingActive")
        .withStatus(active)
        .withMessage(message)
        .endCondition()
        .endStatus()
        .build();
  }

  private static Conditions conditions() {
    return new Conditions(List.of(), 1, Instant.EPOCH);
  }

  private static Condition only(Conditions conditions) {
    assertThat(conditions.list()).hasSize(1);
    return conditions.list().getFirst();
  }
}
