package dev.p2s.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.operator.OperatorPulse.Sign;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OperatorPulseTest {

  private final Watch watch = new Watch();
  private final OperatorPulse pulse = new OperatorPulse(watch);

  @Test
  void givenAProcessWithoutAnOperator_whenAsked_thenNothingIsAmiss() {
    assertThat(pulse.started()).isEmpty();
    assertThat(pulse.lost()).isEmpty();
  }

  @Test
  void givenAnOperatorThatStarts_whenAsked_thenItHasNotStartedAndIsNotLost() {
    pulse.follow(() -> Optional.of(new Sign(false, List.of("p2sgateway/secrets"))));
    assertThat(pulse.started()).contains(false);
    assertThat(pulse.lost()).isEmpty();
  }

  @Test
  void givenASourceThatStaysSilent_whenPatienceEnds_thenItIsNamed() {
    silent("p2sgateway/secrets");
    assertThat(pulse.lost()).isEmpty();
    watch.now = watch.now.plus(OperatorPulse.PATIENCE).minusMillis(1);
    assertThat(pulse.lost()).isEmpty();
    watch.now = watch.now.plusMillis(1);
    assertThat(pulse.lost()).containsExactly("p2sgateway/secrets");
  }

  @Test
  void givenASourceThatCameBack_whenItIsSilentAgain_thenPatienceBeginsAnew() {
    silent("p2sgateway/secrets");
    pulse.lost();
    watch.now = watch.now.plus(Duration.ofMinutes(2));
    silent();
    pulse.lost();
    silent("p2sgateway/secrets");
    pulse.lost();
    watch.now = watch.now.plus(Duration.ofMinutes(2));
    assertThat(pulse.lost()).isEmpty();
  }

  private void silent(String... sources) {
    pulse.follow(() -> Optional.of(new Sign(true, List.of(sources))));
  }

  private static final class Watch extends Clock {
    private Instant now = Instant.parse("2026-11-23T14:00:00Z");

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException();
    }
  }
}
