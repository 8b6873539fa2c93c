package dev.p2s.cluster;

import java.time.Duration;

/**
 * How long the tests last that have the tag {@link #TAG}: in full for {@code make soak}, which sets
 * {@code P2S_SOAK=full}; else as short as still shows the same. Where there is not a night for it,
 * {@code P2S_SOAK_HOURS} (such as 0.5) bounds what else lasts for hours.
 */
public final class Endurance {

  public static final String TAG = "soak";

  private static final boolean FULL = "full".equals(System.getenv("P2S_SOAK"));

  private static final Duration BOUND =
      Duration.ofSeconds(
          Math.round(
              3600 * Double.parseDouble(System.getenv().getOrDefault("P2S_SOAK_HOURS", "8"))));

  private Endurance() {}

  /** How often something dies beside one session. */
  static int rounds() {
    return FULL ? 6 : 1;
  }

  /** How long the API server is away. */
  static Duration apiOutage() {
    return Duration.ofSeconds(FULL ? 600 : 20);
  }

  /** For what dies often: the kubelet waits up to five minutes before it starts it again. */
  static Duration patience() {
    return Duration.ofSeconds(FULL ? 400 : 90);
  }

  /** How often a fuzzed thing is fed anew from each seed: a million inputs in all, or forty. */
  public static int fuzzRounds() {
    return FULL ? 40 : 1;
  }

  /** How long the SSTP endpoint is called, pinged, and hung up. */
  public static Duration sstp() {
    return FULL ? bounded(Duration.ofHours(8)) : Duration.ofSeconds(15);
  }

  /** How long IKEv2's SAs are renewed every few seconds. */
  public static Duration rekeys() {
    return FULL ? bounded(Duration.ofHours(1)) : Duration.ofSeconds(30);
  }

  private static Duration bounded(Duration full) {
    return full.compareTo(BOUND) < 0 ? full : BOUND;
  }
}
