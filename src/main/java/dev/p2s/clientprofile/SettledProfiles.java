package dev.p2s.clientprofile;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Profiles that were found as they should be a moment ago, and what that was found from. An
 * operator that starts is woken for each profile by each of its gateway's objects; once is enough.
 * What no version tells, as the time, is looked at again after half a minute.
 */
final class SettledProfiles {

  private static final Duration COUNTS = Duration.ofSeconds(30);

  private record Found(List<String> versions, Instant at) {}

  private final Clock clock;
  // the oldest first
  private final Map<String, Found> found = new LinkedHashMap<>();

  SettledProfiles(Clock clock) {
    this.clock = clock;
  }

  /**
   * Whether everything that a profile depends on is what it was when nothing was to be done.
   *
   * @param uid the profile's
   * @param versions of all that it depends on, itself included
   */
  synchronized boolean contains(String uid, List<String> versions) {
    Found known = found.get(uid);
    return known != null && isFresh(known) && known.versions().equals(versions);
  }

  /**
   * Nothing was to be done.
   *
   * @param versions from before that was looked at
   */
  synchronized void add(String uid, List<String> versions) {
    found.remove(uid);
    found.put(uid, new Found(List.copyOf(versions), clock.instant()));
    Iterator<Found> oldest = found.values().iterator();
    while (oldest.hasNext() && !isFresh(oldest.next())) {
      oldest.remove();
    }
  }

  private boolean isFresh(Found known) {
    return known.at().plus(COUNTS).isAfter(clock.instant());
  }
}
