package dev.p2s.clientprofile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SettledProfilesTest {

  private static final Instant START = Instant.parse("2026-11-29T11:00:00Z");

  private final AtomicReference<Instant> now = new AtomicReference<>(START);
  private final InstantSource source = now::get;
  private final Clock clock = source.withZone(ZoneOffset.UTC);
  private final SettledProfiles settled = new SettledProfiles(clock);

  @Test
  void givenAProfileWithNothingToDo_whenNothingItDependsOnHasChanged_thenItIsSettled() {
    settled.add("alice", List.of("1", "7"));

    assertThat(settled.contains("alice", List.of("1", "7"))).isTrue();
    assertThat(settled.contains("bob", List.of("1", "7"))).isFalse();
  }

  @Test
  void givenASettledProfile_whenAnyVersionDiffers_thenItIsLookedAt() {
    settled.add("alice", List.of("1", "7"));

    assertThat(settled.contains("alice", List.of("1", "8"))).isFalse();
    assertThat(settled.contains("alice", List.of("1"))).isFalse();
  }

  @Test
  void givenASettledProfile_whenHalfAMinuteHasPassed_thenItIsLookedAt() {
    settled.add("alice", List.of("1"));

    now.set(START.plus(Duration.ofSeconds(29)));
    assertThat(settled.contains("alice", List.of("1"))).isTrue();

    now.set(START.plus(Duration.ofSeconds(30)));
    assertThat(settled.contains("alice", List.of("1"))).isFalse();
  }

  @Test
  void givenAProfileThatIsFoundSettledAgain_whenAnotherIsAdded_thenItCountsFromTheLaterTime() {
    settled.add("alice", List.of("1"));
    now.set(START.plus(Duration.ofSeconds(20)));
    settled.add("alice", List.of("1"));
    now.set(START.plus(Duration.ofSeconds(40)));
    settled.add("bob", List.of("1"));

    assertThat(settled.contains("alice", List.of("1"))).isTrue();
  }
}
