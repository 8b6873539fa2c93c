package dev.p2s.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * The top of the seed's table: VpnGw5 with 10,000 sessions over 20 replicas, whose agents speak the
 * real protocol. {@code make bench} watches it for longer. Time budget: 2 min.
 */
class SimulationClusterIT {

  private static final int REPLICAS = 20;
  private static final int SESSIONS = 10_000;

  @Test
  void givenTenThousandSessions_whenNothingChanges_thenNothingIsWrittenAndAllAreListed() {
    // a node more changes the pods' ranges, which other tests' gateways go by
    try (Simulation simulation =
        new Simulation(TwoNodes.shared().cluster(), REPLICAS, SESSIONS, 10)) {
      Simulation.Seen seen = simulation.run();

      Progress.say("%d replicas, simulated: %s", REPLICAS, seen.line());
      assertThat(seen.writesIdle()).as("writes while nothing changes").isZero();
      assertThat(seen.listed()).isEqualTo(SESSIONS);
      // the Secret, and the status as agents follow: never one for each of them
      assertThat(seen.writesChange()).isBetween(1.0, REPLICAS - 1.0);
    }
  }
}
