package dev.p2s.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.p2s.api.v1alpha1.P2SGateway;
import dev.p2s.api.v1alpha1.P2SGatewaySpec;
import dev.p2s.gateway.GatewayStatusFactory.Judgement;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.Optional;

/**
 * Judges the newest spec, and where it is refused takes up the one that was accepted last, so that
 * an invalid edit never disturbs what runs: roots and revocations go on being served by it.
 */
final class GatewayJudge {

  /**
   * @param judgement what is said of the newest spec
   * @param inForce what has to run; empty where nothing was ever accepted
   * @param acceptedSpec the spec behind {@code inForce}
   */
  record Verdict(
      Judgement judgement, Optional<ResolvedGateway> inForce, P2SGatewaySpec acceptedSpec) {}

  /** What validation makes of one spec. */
  sealed interface Outcome {
    record Accepted(ResolvedGateway gateway, String message) implements Outcome {}

    record Refused(Enum<?> reason, String message) implements Outcome {}
  }

  /** The chain of rules. */
  interface Validation {
    Outcome validate(P2SGateway gateway, GatewayObservation seen);
  }

  private final Validation validation;

  GatewayJudge(Validation validation) {
    this.validation = validation;
  }

  Verdict judge(P2SGateway resource, GatewayObservation seen) {
    return switch (validation.validate(resource, seen)) {
      case Outcome.Accepted accepted ->
          new Verdict(
              new Judgement(true, GatewayReason.Accepted, accepted.message()),
              Optional.of(accepted.gateway()),
              resource.getSpec());
      case Outcome.Refused refused -> earlier(resource, seen, refused);
    };
  }

  private Verdict earlier(P2SGateway resource, GatewayObservation seen, Outcome.Refused refused) {
    Judgement judgement = new Judgement(false, refused.reason(), refused.message());
    if (seen.state().isEmpty()) {
      return new Verdict(judgement, Optional.empty(), null);
    }
    try {
      Secret state = seen.state().orElseThrow();
      P2SGateway before = new P2SGateway();
      before.setMetadata(
          new ObjectMetaBuilder(resource.getMetadata())
              .withGeneration(GatewayStatePlan.acceptedGeneration(state))
              .build());
      before.setSpec(GatewayStatePlan.acceptedSpec(state));
      return validation.validate(before, seen) instanceof Outcome.Accepted accepted
          ? new Verdict(judgement, Optional.of(accepted.gateway()), before.getSpec())
          : new Verdict(judgement, Optional.empty(), null);
    } catch (JsonProcessingException e) {
      return new Verdict(judgement, Optional.empty(), null);
    }
  }
}
