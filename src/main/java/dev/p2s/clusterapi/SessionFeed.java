package dev.p2s.clusterapi;

import dev.p2s.dataplane.AgentReport;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The live sessions as this replica hears of them, and what has changed. A version is a time in
 * milliseconds, so that a watch may begin at one replica where a list ended at another.
 */
final class SessionFeed {

  /** What an agent held stays known for so long while it is not heard: it may just start anew. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  // replicas hear of the same thing at different times, and their clocks differ a little
  private static final long OVERLAP_MILLIS = 2_000;
  private static final int ENDED_LIMIT = 10_000;

  /** Something that has happened to a session. */
  record Change(Kind kind, LiveObject session) {
    enum Kind {
      ADDED,
      MODIFIED,
      DELETED
    }
  }

  /** Where a session is. */
  record Place(ResourceID gateway, String pod) {}

  private record Known(AgentReport.Session told, LiveObject object, long firstHeard) {}

  private record Ended(LiveObject object, long firstHeard, long endedAt) {}

  private static final class Pod {
    private Instant lastHeard;
    private Map<String, Known> sessions = Map.of();
  }

  private final Clock clock;
  private final Map<ResourceID, Map<String, Pod>> gateways = new HashMap<>();
  private final Deque<Ended> ended = new ArrayDeque<>();
  private final Set<Consumer<Change>> watchers = new CopyOnWriteArraySet<>();

  SessionFeed(Clock clock) {
    this.clock = clock;
  }

  /**
   * What is heard of a gateway now.
   *
   * @param pods every pod that is followed, with its report where it is heard
   */
  synchronized void heard(ResourceID gateway, Map<String, Optional<AgentReport>> pods) {
    Map<String, Pod> known = gateways.computeIfAbsent(gateway, id -> new TreeMap<>());
    known
        .entrySet()
        .removeIf(
            entry -> {
              boolean gone = !pods.containsKey(entry.getKey());
              if (gone) {
                hold(entry.getValue(), Map.of());
              }
              return gone;
            });
    pods.forEach(
        (name, report) -> {
          Pod pod = known.computeIfAbsent(name, n -> new Pod());
          if (report.isPresent()) {
            pod.lastHeard = clock.instant();
            hold(pod, told(gateway, name, report.get(), pod));
          } else if (pod.lastHeard != null
              && pod.lastHeard.plus(PATIENCE).isBefore(clock.instant())) {
            pod.lastHeard = null;
            hold(pod, Map.of());
          }
        });
    if (known.isEmpty()) {
      gateways.remove(gateway);
    }
  }

  /** Gateways of which something is known. */
  synchronized Set<ResourceID> gateways() {
    return Set.copyOf(gateways.keySet());
  }

  /** The sessions, in the order of gateways and of admission. */
  synchronized List<LiveObject> list(Predicate<LiveObject> wanted) {
    return gateways.entrySet().stream()
        .sorted(Map.Entry.comparingByKey(SessionObjects.BY_NAME))
        .flatMap(gateway -> gateway.getValue().values().stream())
        .flatMap(pod -> pod.sessions.values().stream())
        .map(Known::object)
        .filter(wanted)
        .toList();
  }

  /** Where a session is; empty where there is none. */
  synchronized Optional<Place> place(LiveObject session) {
    return gateways.entrySet().stream()
        .flatMap(
            gateway ->
                gateway.getValue().entrySet().stream()
                    .filter(
                        pod -> {
                          Known known = pod.getValue().sessions.get(session.name());
                          return known != null && known.object().uid().equals(session.uid());
                        })
                    .map(pod -> new Place(gateway.getKey(), pod.getKey())))
        .findFirst();
  }

  /** How many there are; empty where a pod of the gateway is not heard, or none is known. */
  synchronized OptionalInt connections(ResourceID gateway) {
    Map<String, Pod> pods = gateways.getOrDefault(gateway, Map.of());
    return pods.isEmpty() || pods.values().stream().anyMatch(pod -> pod.lastHeard == null)
        ? OptionalInt.empty()
        : OptionalInt.of(pods.values().stream().mapToInt(pod -> pod.sessions.size()).sum());
  }

  /** The version of what is known now. */
  long version() {
    return clock.millis();
  }

  /**
   * Tells what happens from now on, after what has happened since a version; what happened about
   * that time may be told once more. Mere traffic is not told.
   *
   * @param version of a list; 0 tells of every session first
   * @return ends it
   */
  synchronized Runnable watch(long version, Consumer<Change> watcher) {
    long from = Math.max(0, version - OVERLAP_MILLIS);
    ended.stream()
        .filter(past -> version > 0 && past.endedAt() >= from && past.firstHeard() <= version)
        .forEach(past -> watcher.accept(new Change(Change.Kind.DELETED, past.object())));
    gateways.values().stream()
        .flatMap(pods -> pods.values().stream())
        .flatMap(pod -> pod.sessions.values().stream())
        .filter(known -> version == 0 || known.firstHeard() >= from)
        .forEach(known -> watcher.accept(new Change(Change.Kind.ADDED, known.object())));
    watchers.add(watcher);
    return () -> watchers.remove(watcher);
  }

  private Map<String, Known> told(ResourceID gateway, String name, AgentReport report, Pod pod) {
    Map<String, Known> next = new java.util.LinkedHashMap<>();
    for (AgentReport.Session session : report.sessions()) {
      Known before = pod.sessions.get(session.id());
      next.put(
          session.id(),
          before != null && before.told().equals(session)
              ? before
              : new Known(
                  session,
                  SessionObjects.session(gateway, name, session),
                  before == null ? clock.millis() : before.firstHeard()));
    }
    return next;
  }

  private void hold(Pod pod, Map<String, Known> next) {
    List<Change> changes = new ArrayList<>();
    pod.sessions.forEach(
        (id, known) -> {
          if (!next.containsKey(id)) {
            changes.add(new Change(Change.Kind.DELETED, known.object()));
            ended.addLast(new Ended(known.object(), known.firstHeard(), clock.millis()));
            if (ended.size() > ENDED_LIMIT) {
              ended.removeFirst();
            }
          }
        });
    next.forEach(
        (id, known) -> {
          Known before = pod.sessions.get(id);
          if (before == null) {
            changes.add(new Change(Change.Kind.ADDED, known.object()));
          } else if (before != known
              && !SessionObjects.differOnlyInTraffic(before.told(), known.told())) {
            changes.add(new Change(Change.Kind.MODIFIED, known.object()));
          }
        });
    pod.sessions = next;
    changes.forEach(change -> watchers.forEach(watcher -> watcher.accept(change)));
  }
}
