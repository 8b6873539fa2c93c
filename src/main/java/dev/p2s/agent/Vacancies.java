package dev.p2s.agent;

import dev.p2s.agent.openvpn.ServerFleet;
import dev.p2s.agent.session.Ending;
import dev.p2s.agent.session.SessionTable;
import dev.p2s.dataplane.kernel.ProcessSlot;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Ends the sessions of openvpn processes that have gone for good. */
final class Vacancies {

  /** A process that is away longer than its supervisor needs to start it anew has gone. */
  private static final Duration GONE_AFTER = Duration.ofSeconds(20);

  private final Programming programming;
  private final ServerFleet fleet;
  private final SessionTable table;
  private final PolicyPoint policy;
  private final Clock clock;
  private final Map<ProcessSlot, Instant> awaySince = new HashMap<>();

  Vacancies(
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
    for (ProcessSlot slot : programming.sets().slots()) {
      if (fleet.live().contains(slot)) {
        awaySince.remove(slot);
      } else if (Duration.between(
                  awaySince.computeIfAbsent(slot, s -> clock.instant()), clock.instant())
              .compareTo(GONE_AFTER)
          > 0) {
        // its tun device has no reader, so nothing passes
        table.of(slot).forEach(session -> policy.end(session, Ending.SERVER_ENDED));
      }
    }
  }
}
