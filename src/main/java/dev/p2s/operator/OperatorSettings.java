package dev.p2s.operator;

import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.monitoring.micrometer.MicrometerMetricsV2;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** What JOSDK is given beside the reconcilers. */
class OperatorSettings {

  @Produces
  @Singleton
  Metrics metrics(MeterRegistry registry) {
    return MicrometerMetricsV2.newBuilder(registry).build();
  }

  // QOSDK takes "no bean value" for "no election", which is right outside a cluster
  @Produces
  @Dependent
  LeaderElectionConfiguration leaderElection(Leadership leadership) {
    return leadership.configuration().orElse(null);
  }
}
