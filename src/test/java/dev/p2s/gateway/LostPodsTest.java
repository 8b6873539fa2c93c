package dev.p2s.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which pods of a gateway are taken out of service when they have vanished. */
class LostPodsTest {

  private static final Pod HERE = Pods.ready(0, "here");
  private static final Pod THERE = Pods.ready(1, "there");

  @Test
  void givenAPodThatHasVanished_whenAnotherIsHeard_thenItIsTakenOut() {
    assertThat(LostPods.of(List.of(HERE, THERE), Set.of(name(THERE)), Set.of(name(HERE))))
        .containsExactly(THERE);
  }

  @Test
  void givenThatNoneIsHeard_thenTheOperatorMayBeCutOffAndAllStay() {
    Set<String> both = Set.of(name(HERE), name(THERE));

    assertThat(LostPods.of(List.of(HERE, THERE), both, Set.of())).isEmpty();
    assertThat(LostPods.of(List.of(HERE, THERE), Set.of(name(THERE)), Set.of())).isEmpty();
  }

  @Test
  void givenThatNoOtherPodIsReady_thenNobodyGains() {
    Pod starting = Pods.starting(0, "here");

    assertThat(LostPods.of(List.of(THERE), Set.of(name(THERE)), Set.of())).isEmpty();
    assertThat(LostPods.of(List.of(starting, THERE), Set.of(name(THERE)), Set.of(name(starting))))
        .isEmpty();
  }

  @Test
  void givenAPodThatIsOutAlready_thenNothingIsWritten() {
    Pod out = Pods.starting(1, "there");

    assertThat(LostPods.of(List.of(HERE, out), Set.of(name(out)), Set.of(name(HERE)))).isEmpty();
  }

  private static String name(Pod pod) {
    return pod.getMetadata().getName();
  }
}
