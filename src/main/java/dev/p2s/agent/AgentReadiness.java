package dev.p2s.agent;

import dev.p2s.dataplane.AgentReport;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * A gateway pod is ready when its state is programmed and every server of the current set answers.
 * There is no liveness check beside Quarkus' own: a restart of the agent brings neither a server
 * nor the API server back. In other roles there is no agent, and nothing to wait for.
 */
@Readiness
@ApplicationScoped
class AgentReadiness implements HealthCheck {

  private final Instance<AgentRole> agent;
  private final boolean isAgent;

  AgentReadiness(
      Instance<AgentRole> agent, @ConfigProperty(name = "p2s.role") Optional<String> role) {
    this.agent = agent;
    this.isAgent = role.map("agent"::equals).orElse(false);
  }

  @Override
  public HealthCheckResponse call() {
    var response = HealthCheckResponse.named("gateway agent");
    if (!isAgent) {
      return response.up().build();
    }
    Optional<AgentReport> report = agent.get().report();
    return response
        .withData("message", report.map(AgentReport::message).orElse("the agent starts"))
        .status(report.map(AgentReport::programmed).orElse(false))
        .build();
  }
}
