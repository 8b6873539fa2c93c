package dev.p2s.gateway;

import dev.p2s.status.Conditions;

/** What a gateway's status says of pods that run an earlier template. */
final class RolloutStatus {

  private static final String TYPE = "UpdateAvailable";

  private RolloutStatus() {}

  static void tell(Conditions conditions, GatewayStatusFactory.Running running) {
    if (running.outdatedPods().isEmpty()) {
      return;
    }
    String pods = String.join(", ", running.outdatedPods());
    if (!running.gateway().rolling()) {
      conditions.yes(
          TYPE,
          GatewayReason.PodsRunEarlierTemplate,
          "these pods keep what they were started with until they are deleted: " + pods);
    } else if (running.rollout().waitsFor().isEmpty()) {
      conditions.yes(TYPE, GatewayReason.RollingOut, "being replaced, one after another: " + pods);
    } else {
      conditions.yes(
          TYPE,
          GatewayReason.RollingOut,
          "to be replaced: "
              + pods
              + "; before the next one goes these have to serve: "
              + String.join(", ", running.rollout().waitsFor()));
    }
  }
}
