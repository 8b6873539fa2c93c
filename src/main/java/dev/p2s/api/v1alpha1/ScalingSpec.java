package dev.p2s.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.model.annotation.SpecReplicas;

/** How many pods serve. */
@ValidationRule(
    value =
        "has(self.maxReplicas) || !(has(self.minReplicas) || has(self.targetConnectionsPerReplica)"
            + " || has(self.scaleDownDelaySeconds))",
    message =
        "minReplicas, targetConnectionsPerReplica and scaleDownDelaySeconds have no effect without"
            + " maxReplicas; set it")
@ValidationRule(
    value =
        "!has(self.maxReplicas) || !has(self.minReplicas) || self.minReplicas <= self.maxReplicas",
    message = "minReplicas must not be above maxReplicas")
public record ScalingSpec(
    @JsonPropertyDescription("Gateway pods. Written by kubectl scale, autoscalers and people only.")
        @SpecReplicas
        @Default("1")
        @Min(0)
        @Max(100)
        Integer replicas,
    @JsonPropertyDescription(
            "Autoscaling: at least so many pods, 1 to 100. Default: 1. Needs maxReplicas.")
        @Min(1)
        @Max(100)
        Integer minReplicas,
    @JsonPropertyDescription(
            "Autoscaling: at most so many pods, 1 to 100. Makes a HorizontalPodAutoscaler that"
                + " follows the gateway's connections. Default: none; replicas stays as written.")
        @Min(1)
        @Max(100)
        Integer maxReplicas,
    @JsonPropertyDescription(
            "Autoscaling: above so many connections a pod, on average, another pod is added."
                + " Default: the SKU's connections divided by maxReplicas.")
        @Min(1)
        @Max(10000)
        Integer targetConnectionsPerReplica,
    @JsonPropertyDescription(
            "Autoscaling: for how long fewer pods must have sufficed before one leaves, 0 to 3600"
                + " seconds; then one a minute. Default: 300: people come back after a break, and a"
                + " pod that leaves moves its clients.")
        @Min(0)
        @Max(3600)
        Integer scaleDownDelaySeconds,
    @JsonPropertyDescription(
            "How long a pod that leaves (scale-down, eviction, deletion) may see its clients off,"
                + " 30 to 3600 seconds. Default: 300.")
        @Min(30)
        @Max(3600)
        Integer drainTimeoutSeconds) {}
