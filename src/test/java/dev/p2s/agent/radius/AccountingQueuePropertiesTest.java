package dev.p2s.agent.radius;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.agent.radius.AccountingRecord.Status;
import dev.p2s.api.v1alpha1.AuthenticationType;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** The order in which things are told, and what is forgotten where there is too much of it. */
class AccountingQueuePropertiesTest {

  private final AccountingQueue queue = new AccountingQueue();

  @Property
  void givenAnything_whenTold_thenEachSessionInItsOrderAndNoInterimThatALaterRecordCovers(
      @ForAll @Size(max = 60) List<@IntRange(max = 8) Integer> events) throws Exception {
    List<AccountingRecord> added = new ArrayList<>();
    for (int event : events) {
      added.add(record(Status.values()[event % 3], "s" + event / 3, added.size()));
      queue.add(added.getLast());
    }

    List<AccountingRecord> told = new ArrayList<>();
    while (queue.size() > 0) {
      AccountingQueue.Taken taken = queue.take();
      told.add(taken.record());
      queue.done(taken, true);
    }

    assertThat(told).isSubsetOf(added).isSortedAccordingTo((a, b) -> Long.compare(a.in(), b.in()));
    assertThat(told)
        .containsAll(added.stream().filter(each -> each.status() != Status.INTERIM).toList());
    for (int i = 0; i < told.size(); i++) {
      AccountingRecord one = told.get(i);
      if (one.status() == Status.INTERIM) {
        assertThat(told.subList(i + 1, told.size()))
            .noneMatch(
                later -> later.session().equals(one.session()) && later.status() != Status.START);
      }
    }
  }

  @Example
  void givenOneThatIsBeingTold_whenTaken_thenNothingElseOfItsSession() throws Exception {
    queue.add(record(Status.START, "a", 0));
    queue.add(record(Status.STOP, "a", 1));
    queue.add(record(Status.START, "b", 2));

    AccountingQueue.Taken start = queue.take();
    assertThat(queue.take().record().session()).isEqualTo("b");
    queue.done(start, false);

    assertThat(queue.take().record()).isEqualTo(start.record());
  }

  @Example
  void givenTooMuch_whenAdded_thenInterimsAreForgottenFirstAndThenTheOldest() {
    queue.add(record(Status.START, "oldest", 0));
    queue.add(record(Status.INTERIM, "interim", 1));
    for (int i = 2; i < AccountingQueue.LIMIT + 2; i++) {
      queue.add(record(Status.START, "s" + i, i));
    }

    assertThat(queue.size()).isEqualTo(AccountingQueue.LIMIT);
    assertThat(queue.forgotten()).isEqualTo(2);
    assertThat(queue.all().getFirst().session()).isEqualTo("s2");
  }

  private static AccountingRecord record(Status status, String session, long number) {
    return new AccountingRecord(
        status,
        session,
        0,
        "alice",
        AuthenticationType.RADIUS,
        "IKEv2",
        "10.8.0.9",
        "192.0.2.7:4711",
        List.of(),
        0,
        number,
        0,
        null,
        0,
        0);
  }
}
