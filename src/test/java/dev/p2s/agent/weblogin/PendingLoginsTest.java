package dev.p2s.agent.weblogin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.agent.session.Person;
import dev.p2s.api.v1alpha1.AuthenticationType;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PendingLoginsTest {

  private static final Person ALICE =
      new Person(AuthenticationType.OIDC, "alice", List.of(), null, null, "b");

  private Instant now = Instant.EPOCH;
  private final Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);
  private final PendingLogins pending = new PendingLogins(clock, new SecureRandom());

  @Test
  void givenALogin_whenEachStepIsTakenInOrder_thenItIsThePersons() {
    PendingLogin login = begun();

    assertThat(pending.open(login.id())).contains(login);
    assertThat(pending.back(login.state(), login.browser())).contains(login);
    assertThat(pending.confirm(login.id(), login.browser())).isEmpty();
    pending.known(login, ALICE, "r");
    assertThat(pending.confirm(login.id(), login.browser()))
        .hasValueSatisfying(
            answered -> {
              assertThat(answered.person()).isEqualTo(ALICE);
              assertThat(answered.refreshToken()).isEqualTo("r");
            });
  }

  @Test
  void givenALogin_whenAStepIsTakenAgainOrByAnotherBrowser_thenNothingComesOfIt() {
    PendingLogin login = begun();
    assertThat(pending.back(login.state(), login.browser())).as("not opened yet").isEmpty();
    pending.open(login.id());
    assertThat(pending.open(login.id())).as("a second browser").isEmpty();
    assertThat(pending.back(login.state(), "x".repeat(32))).isEmpty();
    assertThat(pending.back("x".repeat(32), login.browser())).isEmpty();
    pending.back(login.state(), login.browser());
    assertThat(pending.back(login.state(), login.browser())).as("the code again").isEmpty();
    pending.known(login, ALICE, "");
    assertThat(pending.confirm(login.id(), "x".repeat(32))).isEmpty();
    assertThat(pending.confirm(login.id(), login.browser())).isPresent();
    assertThat(pending.confirm(login.id(), login.browser())).isEmpty();
  }

  @Test
  void givenAPersonWhoTakesTooLong_whenTheyGoOn_thenTheLoginIsOver() {
    PendingLogin login = begun();
    pending.open(login.id());
    now = now.plus(PendingLogins.WITHIN);

    assertThat(pending.back(login.state(), login.browser())).isEmpty();
  }

  @Test
  void givenAsManyAsMayWait_whenAnotherComes_thenItIsTurnedAwayUntilOneIsOver() {
    PendingLogin first = begun();
    for (int i = 1; i < PendingLogins.MOST; i++) {
      begun();
    }
    assertThat(pending.begin("192.0.2.7:1", told -> {})).isEmpty();

    assertThat(pending.forget(first.id())).isPresent();
    assertThat(pending.forget(first.id())).isEmpty();
    assertThat(pending.begin("192.0.2.7:1", told -> {})).isPresent();
    now = now.plus(PendingLogins.WITHIN);
    for (int i = 0; i < PendingLogins.MOST; i++) {
      begun();
    }
  }

  @Test
  void givenManyLogins_whenBegun_thenNoWordIsTwice() {
    Set<String> words = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      PendingLogin login = begun();
      assertThat(
              words.addAll(
                  List.of(
                      login.id(), login.state(), login.nonce(), login.verifier(), login.browser())))
          .isTrue();
      // RFC 7636 §4.1
      assertThat(login.verifier()).hasSizeBetween(43, 128);
      assertThat(login.id()).matches("[A-Za-z0-9_-]{32}");
    }
    assertThat(words).hasSize(1000);
  }

  /** Whatever order steps come in, who confirms has opened, come back and was known. */
  @Property(tries = 300)
  void givenStepsInAnyOrder_whenOneConfirms_thenAllTheOthersWereTaken(
      @ForAll @Size(max = 12) List<@IntRange(max = 3) Integer> steps) {
    PendingLogins any = new PendingLogins(clock, new SecureRandom());
    PendingLogin login = any.begin("192.0.2.7:1", told -> {}).orElseThrow();
    boolean opened = false;
    boolean back = false;
    boolean known = false;
    for (int step : steps) {
      switch (step) {
        case 0 -> opened |= any.open(login.id()).isPresent();
        case 1 -> back |= any.back(login.state(), login.browser()).isPresent();
        case 2 -> {
          any.known(login, ALICE, "");
          known |= back;
        }
        default -> {
          Optional<PendingLogins.Answered> done = any.confirm(login.id(), login.browser());
          assertThat(done.isPresent()).isEqualTo(opened && back && known);
          if (done.isPresent()) {
            return;
          }
        }
      }
    }
  }

  private PendingLogin begun() {
    return pending.begin("192.0.2.7:4711", told -> {}).orElseThrow();
  }
}
