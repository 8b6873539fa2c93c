package dev.p2s.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * The bench's simulation at a tenth: many replicas with many sessions, whose limit is shared out
 * over all of them. Time budget: 2 min.
 */
class SimulationClusterIT {

  @Test
  void givenManySessionsOverManyReplicas_whenNothingChanges_thenNothingIsWrittenAndAllAreListed() {
    // a node more changes the pods' ranges, which other tests' gateways go by
    TestCluster cluster = TwoNodes.shared().cluster();
    try (Simulation simulation = new Simulation(cluster, 10, 1000)) {
      Simulation.Seen seen = simulation.run();

      Progress.say("%s", seen);
      assertThat(seen.writesIdle()).as("writes in half a minute").isZero();
      assertThat(seen.listed()).isEqualTo(1000);
      // the Secret and the status; what agents say in between may be told once more
      assertThat(seen.writesChange()).isBetween(1.0, 8.0);
    }
  }
}
