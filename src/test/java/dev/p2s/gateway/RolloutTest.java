package dev.p2s.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.gateway.Rollout.Seen;
import dev.p2s.gateway.Rollout.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RolloutTest {

  @Test
  void givenNothingOutdated_thenTheSpecsNumberHolds() {
    assertThat(next(2, true, Set.of("office-0", "office-1")))
        .isEqualTo(new Step(2, Optional.empty(), List.of()));
  }

  @Test
  void givenAnOutdatedPod_thenOneMoreServesBeforeItGoes() {
    assertThat(next(1, true, Set.of("office-0"), "office-0"))
        .isEqualTo(new Step(2, Optional.empty(), List.of("office-1")));
    assertThat(next(1, true, Set.of("office-0", "office-1"), "office-0"))
        .isEqualTo(new Step(2, Optional.of("office-0"), List.of()));
  }

  @Test
  void givenAPodThatIsBeingMadeAnew_thenTheNextOneWaits() {
    assertThat(next(2, true, Set.of("office-0", "office-2"), "office-0"))
        .isEqualTo(new Step(3, Optional.empty(), List.of("office-1")));
  }

  @Test
  void givenNoRoomForOneMore_thenPodsAreReplacedInTheirPlaces() {
    assertThat(next(1, false, Set.of("office-0"), "office-0"))
        .isEqualTo(new Step(1, Optional.of("office-0"), List.of()));
  }

  @Test
  void givenAnOutdatedPodThatDoesNotServe_thenItGoesFirst() {
    assertThat(next(2, true, Set.of("office-1", "office-2"), "office-0", "office-1").replace())
        .contains("office-0");
  }

  @Test
  void givenAGatewayThatRests_thenNothingIsAdded() {
    assertThat(next(0, true, Set.of(), "office-0"))
        .isEqualTo(new Step(0, Optional.empty(), List.of()));
  }

  /** Plays a rollout to its end: whatever the start, never fewer pods serve than were asked for. */
  @Property(tries = 300)
  void givenAnyStart_whenPlayed_thenEveryPodIsReplacedOnceAndTheSpecsNumberServesThroughout(
      @ForAll @IntRange(min = 1, max = 8) int replicas, @ForAll @Size(8) List<Boolean> old) {
    TreeMap<Integer, Boolean> outdated = new TreeMap<>();
    for (int i = 0; i < replicas; i++) {
      outdated.put(i, old.get(i));
    }
    List<String> replaced = new ArrayList<>();
    for (int turn = 0; turn < 4 * replicas + 4; turn++) {
      Step step =
          next(
              replicas,
              true,
              Set.copyOf(outdated.keySet().stream().map(RolloutTest::pod).toList()),
              outdated.entrySet().stream()
                  .filter(Map.Entry::getValue)
                  .map(entry -> pod(entry.getKey()))
                  .toArray(String[]::new));
      for (int i = 0; i < step.replicas(); i++) {
        outdated.putIfAbsent(i, false);
      }
      outdated.tailMap(step.replicas()).clear();
      if (step.replace().isPresent()) {
        String gone = step.replace().get();
        replaced.add(gone);
        outdated.put(Integer.parseInt(gone.substring("office-".length())), false);
        assertThat(outdated.size() - 1).as("pods that serve").isGreaterThanOrEqualTo(replicas);
      }
    }
    assertThat(outdated).hasSize(replicas).doesNotContainValue(true);
    assertThat(replaced).doesNotHaveDuplicates();
  }

  private static Step next(int replicas, boolean mayAdd, Set<String> serving, String... outdated) {
    return Rollout.next("office", new Seen(replicas, mayAdd, serving, List.of(outdated)));
  }

  private static String pod(int ordinal) {
    return "office-" + ordinal;
  }
}
