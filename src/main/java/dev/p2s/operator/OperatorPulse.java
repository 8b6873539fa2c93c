package dev.p2s.operator;

import io.javaoperatorsdk.operator.RuntimeInfo;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Whether the operator still hears what changes in the cluster. Event sources that are silent for a
 * while come back by themselves when the API server does; one that stays silent has ended for good,
 * and only a new process hears again.
 */
@Singleton
class OperatorPulse {

  /** Longer than an API server's restart, shorter than anybody's patience. */
  static final Duration PATIENCE = Duration.ofMinutes(3);

  /** What the operator says of itself at one time. */
  record Sign(boolean started, List<String> silent) {}

  private final Clock clock;
  private volatile Supplier<Optional<Sign>> signs = Optional::empty;
  private Instant silentSince;

  OperatorPulse(Clock clock) {
    this.clock = clock;
  }

  /** Listens to an operator from now on; before, there is nothing to judge. */
  void follow(RuntimeInfo operator) {
    follow(() -> Optional.of(sign(operator)));
  }

  void follow(Supplier<Optional<Sign>> source) {
    signs = source;
  }

  /** Whether every reconciler has been started; empty in a process without an operator. */
  Optional<Boolean> started() {
    return signs.get().map(Sign::started);
  }

  /** The event sources that have been silent for longer than {@link #PATIENCE}. */
  synchronized List<String> lost() {
    List<String> silent =
        signs.get().filter(Sign::started).map(Sign::silent).orElse(List.<String>of());
    if (silent.isEmpty()) {
      silentSince = null;
      return silent;
    }
    Instant now = clock.instant();
    if (silentSince == null) {
      silentSince = now;
    }
    return silentSince.plus(PATIENCE).isAfter(now) ? List.of() : silent;
  }

  private static Sign sign(RuntimeInfo operator) {
    if (!operator.isStarted()) {
      return new Sign(false, List.of());
    }
    var names = new TreeSet<String>();
    operator
        .unhealthyEventSources()
        .forEach(
            (controller, sources) ->
                sources.keySet().forEach(source -> names.add(controller + "/" + source)));
    return new Sign(true, List.copyOf(names));
  }
}
