package dev.p2s.gateway;

import dev.p2s.api.v1alpha1.P2SGateway;
import jakarta.enterprise.context.ApplicationScoped;

/** The rules that need more than one object, and those that CEL cannot tell. */
@ApplicationScoped
public class GatewayValidation implements GatewayJudge.Validation {

  @Override
  public GatewayJudge.Outcome validate(P2SGateway gateway, GatewayObservation seen) {
    ResolvedGateway resolved =
        GatewayDefaults.resolve(
            gateway, seen.facts(), 250, Runtime.getRuntime().availableProcessors());
    return new GatewayJudge.Outcome.Accepted(resolved, "accepted");
  }
}
