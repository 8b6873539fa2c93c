package dev.p2s.operator;

import dev.p2s.clusterapi.ClusterApi;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;
import org.eclipse.microprofile.health.Startup;

/** What the probes of the operator's pod ask; up in a process that is no operator. */
class OperatorHealth {

  @Produces
  @Liveness
  @ApplicationScoped
  HealthCheck liveness(OperatorPulse pulse) {
    return () -> {
      List<String> lost = pulse.lost();
      var response = HealthCheckResponse.named("operator hears the cluster");
      if (!lost.isEmpty()) {
        response.withData("silent", String.join(", ", lost));
      }
      return response.status(lost.isEmpty()).build();
    };
  }

  @Produces
  @Readiness
  @ApplicationScoped
  HealthCheck readiness(ClusterApi api) {
    return () -> HealthCheckResponse.named("cluster API served").status(api.isReady()).build();
  }

  @Produces
  @Startup
  @ApplicationScoped
  HealthCheck startup(OperatorPulse pulse) {
    return () ->
        HealthCheckResponse.named("reconcilers started")
            .status(pulse.started().orElse(true))
            .build();
  }
}
