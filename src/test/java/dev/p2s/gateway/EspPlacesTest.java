package dev.p2s.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.dataplane.AgentReport;
import dev.p2s.dataplane.ikev2.EspPlace;
import dev.p2s.status.Conditions;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EspPlacesTest {

  @Test
  void givenKernelsThatDoEsp_whenTold_thenTheConditionHolds() {
    assertThat(told(report("office-0", EspPlace.KERNEL), report("office-1", EspPlace.KERNEL)))
        .singleElement()
        .satisfies(
            condition -> {
              assertThat(condition.getType()).isEqualTo("EspInKernel");
              assertThat(condition.getStatus()).isEqualTo("True");
              assertThat(condition.getReason()).isEqualTo("NodeKernel");
            });
  }

  @Test
  void givenOneNodeWithoutEsp_whenTold_thenItsPodIsNamedAndWhatToDo() {
    assertThat(told(report("office-1", EspPlace.USERSPACE), report("office-0", EspPlace.KERNEL)))
        .singleElement()
        .satisfies(
            condition -> {
              assertThat(condition.getStatus()).isEqualTo("False");
              assertThat(condition.getReason()).isEqualTo("UserSpace");
              assertThat(condition.getMessage())
                  .contains("slower, in office-1:", "load esp4 and xfrm_interface")
                  .doesNotContain("office-0");
            });
  }

  @Test
  void givenNothingOfIkev2_whenTold_thenNothingIsSaid() {
    assertThat(told(report("office-0", null))).isEmpty();
  }

  private static List<Condition> told(AgentReport... reports) {
    Conditions conditions = new Conditions(null, 1, Instant.EPOCH);
    EspPlaces.tell(conditions, Stream.of(reports).toList());
    return conditions.list();
  }

  private static AgentReport report(String pod, EspPlace esp) {
    return AgentReport.of(pod).state(1, "h").programmed().esp(esp).build();
  }
}
