package dev.p2s.agent;

import dev.p2s.agent.openvpn.ServerFleet;
import dev.p2s.agent.openvpn.ServerSet;
import dev.p2s.agent.session.Ending;
import dev.p2s.agent.session.SessionTable;
import dev.p2s.dataplane.kernel.ProcessSlot;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Sees server sets out that take no new connections any more. */
final class Drain {

  /** Longer than a client that was steered here at the last moment takes to be admitted. */
  private static final Duration QUIET = Duration.ofSeconds(15);

  /** So many sets may drain at a time; the clients of older ones are asked to dial again. */
  private static final int DRAINING_SETS = 3;

  private final Programming programming;
  private final ServerFleet fleet;
  private final SessionTable table;
  private final PolicyPoint policy;
  private final Clock clock;
  private final Map<String, Instant> quietSince = new HashMap<>();

  Drain(
      Programming programming,
      ServerFleet fleet,
      SessionTable table,
      PolicyPoint policy,
      Clock clock) {
    this.programming = programming;
    this.fleet = fleet;
    this.table = table;
    this.policy = policy;
    this.clock = clock;
  }

  void tick() {
    List<ServerSet> draining = programming.sets().draining();
    for (int i = 0; i < draining.size() - DRAINING_SETS; i++) {
      draining.get(i).slots().forEach(this::moveAway);
    }
    for (ServerSet set : draining) {
      if (set.isRetired()) {
        seeOut(set);
      } else if (isQuiet(set)) {
        programming.retire(set);
      }
    }
  }

  /** Makes the clients of a process dial again. */
  private void moveAway(ProcessSlot slot) {
    table.of(slot).forEach(session -> policy.evict(session, Ending.SERVER_REPLACED));
  }

  private void seeOut(ServerSet set) {
    if (set.slots().stream().noneMatch(fleet.live()::contains)) {
      quietSince.remove(set.id());
      programming.remove(set);
    } else {
      // A process that was being started when it was retired gets its signal here.
      set.slots().forEach(slot -> fleet.send(slot, "signal SIGTERM\n"));
    }
  }

  private boolean isQuiet(ServerSet set) {
    boolean takesOver = programming.sets().current() == null || programming.problem().isEmpty();
    if (!takesOver || set.slots().stream().anyMatch(slot -> !table.of(slot).isEmpty())) {
      quietSince.remove(set.id());
      return false;
    }
    Instant since = quietSince.computeIfAbsent(set.id(), id -> clock.instant());
    return Duration.between(since, clock.instant()).compareTo(QUIET) >= 0;
  }
}
