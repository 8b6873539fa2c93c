package dev.p2s.gateway;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How much of a gateway is used, for its status, which moves at most twice a minute; the live
 * figure is in the metrics.
 */
final class ConnectionSamples {

  private record Sample(GatewayUse use, Instant at) {}

  private static final Duration STEADY = Duration.ofSeconds(30);

  private final Clock clock;
  private final Map<ResourceID, Sample> samples = new ConcurrentHashMap<>();

  ConnectionSamples(Clock clock) {
    this.clock = clock;
  }

  /** The figures to show, given the live ones. */
  GatewayUse shown(ResourceID gateway, GatewayUse live) {
    Instant now = clock.instant();
    return samples
        .compute(
            gateway,
            (id, sample) ->
                sample == null
                        || (!sample.use().equals(live) && !now.isBefore(sample.at().plus(STEADY)))
                    ? new Sample(live, now)
                    : sample)
        .use();
  }

  /** How long until a live figure that is not shown yet may be. */
  Duration untilNext(ResourceID gateway) {
    Sample sample = samples.get(gateway);
    return sample == null
        ? STEADY
        : Duration.between(clock.instant(), sample.at().plus(STEADY)).plusMillis(100);
  }

  void forget(ResourceID gateway) {
    samples.remove(gateway);
  }
}
