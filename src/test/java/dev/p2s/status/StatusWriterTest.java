package dev.p2s.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.api.v1alpha1.RootCertificate;
import dev.p2s.api.v1alpha1.RootCertificateStatus;
import dev.p2s.observability.ConditionEvents;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is written of a status, given what the cache has and what was written before. */
class StatusWriterTest {

  private static final RootCertificateStatus ACCEPTED = status("True");
  private static final RootCertificateStatus REFUSED = status("False");

  private final List<String> events = new ArrayList<>();
  private final StatusWriter<RootCertificate, RootCertificateStatus> writer =
      new StatusWriter<>(RootCertificate::new, RootCertificateStatus::conditions, recorder());

  @Test
  void givenTheSameStatus_whenWritten_thenNothingIs() {
    assertThat(writer.write(root("a", ACCEPTED), ACCEPTED).isNoUpdate()).isTrue();
    assertThat(events).isEmpty();
  }

  @Test
  void givenAnotherStatus_whenWritten_thenItIsPatchedAndToldOnce() {
    UpdateControl<RootCertificate> told = writer.write(root("a", ACCEPTED), REFUSED);

    assertThat(told.getResource().orElseThrow().getStatus()).isEqualTo(REFUSED);
    assertThat(writer.write(root("a", REFUSED), REFUSED).isNoUpdate()).isTrue();
    assertThat(events).containsExactly("False");
  }

  @Test
  void givenAStatusThatTurnsBackBeforeTheCacheHasIt_whenWritten_thenItIsNotTakenForWritten() {
    writer.write(root("a", ACCEPTED), REFUSED);

    UpdateControl<RootCertificate> back = writer.write(root("a", ACCEPTED), ACCEPTED);

    assertThat(back.isPatchStatus()).isTrue();
    assertThat(writer.write(root("a", ACCEPTED), ACCEPTED).isNoUpdate()).isTrue();
    assertThat(events).containsExactly("False", "True");
  }

  @Test
  void givenAWriteThatFailed_whenTriedAgain_thenItIsWritten() {
    writer.write(root("a", ACCEPTED), REFUSED);

    assertThat(writer.write(root("a", ACCEPTED), REFUSED).isPatchStatus()).isTrue();
  }

  @Test
  void givenAnObjectOfAnother_whenWritten_thenTheyAreNotMixedUp() {
    writer.write(root("a", ACCEPTED), REFUSED);

    assertThat(writer.write(root("b", ACCEPTED), ACCEPTED).isNoUpdate()).isTrue();
  }

  private ConditionEvents recorder() {
    return new ConditionEvents(null, Clock.systemUTC()) {
      @Override
      public void turned(HasMetadata object, List<Condition> before, List<Condition> after) {
        if (!after.equals(before)) {
          after.forEach(condition -> events.add(condition.getStatus()));
        }
      }
    };
  }

  private static RootCertificate root(String uid, RootCertificateStatus status) {
    RootCertificate root = new RootCertificate();
    root.setMetadata(new ObjectMetaBuilder().withName("root").withUid(uid).build());
    root.setStatus(status);
    return root;
  }

  private static RootCertificateStatus status(String accepted) {
    Condition condition =
        new ConditionBuilder().withType("Accepted").withStatus(accepted).withReason("R").build();
    return new RootCertificateStatus(1L, List.of(condition), null, null, null, null, null);
  }
}
