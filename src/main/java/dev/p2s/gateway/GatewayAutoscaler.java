package dev.p2s.gateway;

import dev.p2s.status.Conditions;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBuilder;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerCondition;
import java.util.Map;
import java.util.Optional;

/**
 * The autoscaler of a gateway whose spec has {@code scaling.maxReplicas}. It writes the gateway's
 * scale subresource, never the StatefulSet, which is the operator's. Its metric is one of the
 * cluster's external metrics: the operator's own where the chart serves it, else what an adapter
 * makes of the meter of the same name.
 */
final class GatewayAutoscaler {

  /** The external metric: connections of a gateway over all its pods. */
  static final String METRIC = "p2s_gateway_connections";

  /** The metric's label that names the gateway; its namespace is the autoscaler's. */
  static final String GATEWAY = "gateway";

  private static final int ONE_AT_A_TIME_SECONDS = 60;

  private GatewayAutoscaler() {}

  /** The object; empty where no autoscaling is asked for. */
  static Optional<HorizontalPodAutoscaler> of(ResolvedGateway gateway) {
    return gateway.scaling().autoscaling().map(autoscaling -> render(gateway, autoscaling));
  }

  private static HorizontalPodAutoscaler render(
      ResolvedGateway gateway, GatewayScaling.Autoscaling autoscaling) {
    return new HorizontalPodAutoscalerBuilder()
        .withMetadata(GatewayPlan.metadata(gateway, gateway.name()))
        .withNewSpec()
        .withNewScaleTargetRef("p2s.dev/v1alpha1", "P2SGateway", gateway.name())
        .withMinReplicas(autoscaling.minReplicas())
        .withMaxReplicas(autoscaling.maxReplicas())
        .addNewMetric()
        .withType("External")
        .withNewExternal()
        .withNewMetric()
        .withName(METRIC)
        .withNewSelector()
        .withMatchLabels(Map.of(GATEWAY, gateway.name()))
        .endSelector()
        .endMetric()
        .withNewTarget()
        .withType("AverageValue")
        .withAverageValue(new Quantity(Integer.toString(autoscaling.connectionsPerReplica())))
        .endTarget()
        .endExternal()
        .endMetric()
        .withNewBehavior()
        .withNewScaleDown()
        .withStabilizationWindowSeconds((int) autoscaling.scaleDownDelay().toSeconds())
        .withSelectPolicy("Max")
        .addNewPolicy(ONE_AT_A_TIME_SECONDS, "Pods", 1)
        .endScaleDown()
        .endBehavior()
        .endSpec()
        .build();
  }

  /** Says whether the autoscaler can do its work; silent until it has tried. */
  static void tell(Conditions conditions, Optional<HorizontalPodAutoscaler> autoscaler) {
    autoscaler
        .flatMap(GatewayAutoscaler::scalingActive)
        .ifPresent(
            active -> {
              if (active.getStatus().equals("True")) {
                conditions.yes(
                    "Autoscaling",
                    GatewayReason.FollowsConnections,
                    "the number of pods follows the connections");
              } else {
                conditions.no(
                    "Autoscaling",
                    GatewayReason.MetricMissing,
                    "the number of pods stays as it is: "
                        + active.getMessage()
                        + "; the metric is "
                        + METRIC
                        + " of external.metrics.k8s.io, served by the operator with the chart's"
                        + " metricsApi.enabled or by an adapter");
              }
            });
  }

  private static Optional<HorizontalPodAutoscalerCondition> scalingActive(
      HorizontalPodAutoscaler autoscaler) {
    return autoscaler.getStatus() == null
        ? Optional.empty()
        : autoscaler.getStatus().getConditions().stream()
            .filter(condition -> condition.getType().equals("ScalingActive"))
            .findFirst();
  }
}
