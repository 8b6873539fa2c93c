package dev.p2s.rootcertificate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.dataplane.AgentReport.RevocationList;
import dev.p2s.dataplane.AgentReport.RevocationList.Freshness;
import dev.p2s.dataplane.RevocationSource;
import dev.p2s.status.Conditions;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ListConditionTest {

  private static final Instant MADE = Instant.parse("2026-11-28T12:00:00Z");
  private static final Instant NEXT = Instant.parse("2026-11-29T12:00:00Z");
  private static final Instant SINCE = Instant.parse("2026-11-28T18:00:00Z");
  private static final RevocationList FRESH =
      new RevocationList("corp", Freshness.FRESH, "CN=Corp", MADE, NEXT, 2, "", null);
  private static final RevocationList STALE =
      new RevocationList(
          "corp", Freshness.STALE, "CN=Corp", MADE, NEXT, 2, "it answers 503", SINCE);
  private static final RevocationList MISSING =
      new RevocationList("corp", Freshness.MISSING, "", null, null, 0, "it answers 404", SINCE);

  @Test
  void givenAListThatHolds_whenTold_thenWhoseItIsAndHowLong() {
    assertThat(told(true, FRESH))
        .returns("True", Condition::getStatus)
        .returns("ListFresh", Condition::getReason)
        .returns(
            "the list that CN=Corp made at 2026-11-28T12:00:00Z names 2 certificates, counts for"
                + " those that CN=Corp has issued, holds until 2026-11-29T12:00:00Z",
            Condition::getMessage);
  }

  @Test
  void givenPodsThatDiffer_whenTold_thenTheWorstCounts() {
    assertThat(told(true, FRESH, STALE))
        .returns("False", Condition::getStatus)
        .returns("ListStale", Condition::getReason)
        .satisfies(
            condition ->
                assertThat(condition.getMessage())
                    .contains(
                        "is over; new clients are refused",
                        "cannot be fetched anew since 2026-11-28T18:00:00Z: it answers 503"));
    assertThat(told(true, STALE, MISSING, FRESH).getReason()).isEqualTo("ListMissing");
  }

  @Test
  void givenNoListAndAllow_whenTold_thenWhatThatMeans() {
    assertThat(told(false, MISSING).getMessage())
        .isEqualTo(
            "there was no list yet; new clients are let in that no list names (ifStale: Allow);"
                + " since 2026-11-28T18:00:00Z: it answers 404");
  }

  @Test
  void givenNoPodThatHasTold_whenTold_thenNobodyKnows() {
    assertThat(told(true)).returns("Unknown", Condition::getStatus);
  }

  private static Condition told(boolean refuse, RevocationList... lists) {
    Conditions conditions = new Conditions(null, 1, MADE);
    ListCondition.tell(
        conditions, new RevocationSource(List.of("http://pki/a"), refuse), List.of(lists));
    return conditions.list().getFirst();
  }
}
