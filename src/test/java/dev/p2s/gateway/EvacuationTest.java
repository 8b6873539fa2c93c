package dev.p2s.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A gateway of one replica whose node is drained, step by step. */
class EvacuationTest {

  private static final ClusterNodes NODES =
      new ClusterNodes(
          List.of(new ClusterNodes.One("old", "a", true), new ClusterNodes.One("new", "b", false)));

  @Test
  void givenANodeThatIsFine_thenOneReplicaIsEnough() {
    assertThat(replicas(List.of(Pods.ready(0, "new")), List.of())).isEqualTo(1);
  }

  @Test
  void givenACordonedNode_thenOneMoreIsAddedUntilTheFirstHasMoved() {
    assertThat(replicas(List.of(Pods.ready(0, "old")), List.of())).isEqualTo(2);
    assertThat(replicas(List.of(Pods.ready(0, "old"), Pods.ready(1, "new")), List.of()))
        .isEqualTo(2);
    assertThat(replicas(List.of(Pods.ready(1, "new")), List.of(Pods.evicted(0, "old"))))
        .isEqualTo(2);
    assertThat(replicas(List.of(Pods.starting(0, "new"), Pods.ready(1, "new")), List.of()))
        .isEqualTo(2);
    assertThat(replicas(List.of(Pods.ready(0, "new"), Pods.ready(1, "new")), List.of()))
        .isEqualTo(1);
  }

  @Test
  void givenAnEviction_whenNodesMayNotBeRead_thenOneMoreIsAddedAllTheSame() {
    assertThat(
            Evacuation.replicas(
                1, true, List.of(), List.of(Pods.evicted(0, "old")), ClusterNodes.UNKNOWN))
        .isEqualTo(2);
  }

  @Test
  void givenAPodThatSomebodyDeletes_thenNothingIsAdded() {
    assertThat(replicas(List.of(), List.of(Pods.ready(0, "new")))).isEqualTo(1);
  }

  @Test
  void givenSeveralReplicasOrNoneOrNoRoomForMore_thenTheSpecsNumberHolds() {
    List<Pod> cordoned = List.of(Pods.ready(0, "old"));
    assertThat(Evacuation.replicas(2, true, cordoned, List.of(), NODES)).isEqualTo(2);
    assertThat(Evacuation.replicas(0, true, cordoned, List.of(), NODES)).isZero();
    assertThat(Evacuation.replicas(1, false, cordoned, List.of(), NODES)).isEqualTo(1);
  }

  private static int replicas(List<Pod> staying, List<Pod> leaving) {
    return Evacuation.replicas(1, true, staying, leaving, NODES);
  }
}
