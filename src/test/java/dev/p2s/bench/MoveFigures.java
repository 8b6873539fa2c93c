package dev.p2s.bench;

import dev.p2s.cluster.Moves;
import dev.p2s.cluster.Progress;
import dev.p2s.cluster.TestCluster;
import java.util.List;

/** How long people are interrupted when the pod that serves them leaves, is replaced or dies. */
final class MoveFigures {

  private static final int PEOPLE = 40;

  /** What somebody does not call a lost connection yet. */
  private static final double AIM_MILLIS = 3000;

  private final TestCluster cluster;
  private final Results results;

  MoveFigures(TestCluster cluster, Results results) {
    this.cluster = cluster;
    this.results = results;
  }

  void measure() {
    Progress.say("moves: %d people with traffic at two replicas on two nodes", PEOPLE);
    try (Moves moves = new Moves(cluster, PEOPLE)) {
      rows("pod deleted", moves.drained(4));
      rows("rolling upgrade", moves.upgraded(2));
      rows("all processes of a pod killed", moves.killed(4));
    }
  }

  private void rows(String what, List<Double> millis) {
    Samples interruptions = Samples.of("ms", millis);
    row(what + ", interruption, p50", 0.5, interruptions);
    row(what + ", interruption, p90", 0.9, interruptions);
    row(what + ", interruption, p99", 0.99, interruptions);
    row(what + ", interruption, longest", 1, interruptions);
  }

  private void row(String what, double part, Samples interruptions) {
    results.add("moves: " + what, interruptions.quantile(part), interruptions, AIM_MILLIS);
  }
}
