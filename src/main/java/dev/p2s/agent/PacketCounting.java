package dev.p2s.agent;

import dev.p2s.agent.kernel.KernelGate;
import dev.p2s.agent.session.Session;
import dev.p2s.agent.session.SessionTable;
import dev.p2s.agent.session.SessionTraffic;
import dev.p2s.dataplane.kernel.PacketCount;
import dev.p2s.dataplane.kernel.TunnelAddress;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Asks the kernel now and then how many packets it has forwarded for each session. Every protocol's
 * packets pass the same rules, so that one count serves all of them.
 */
final class PacketCounting {

  private static final Logger LOG = Logger.getLogger(PacketCounting.class);
  private static final Duration EVERY = Duration.ofSeconds(10);

  private final SessionTable table;
  private final SessionTraffic traffic;
  private final KernelGate gate;
  private final Clock clock;
  private Instant counted = Instant.EPOCH;

  PacketCounting(SessionTable table, SessionTraffic traffic, KernelGate gate, Clock clock) {
    this.table = table;
    this.traffic = traffic;
    this.gate = gate;
    this.clock = clock;
  }

  /** Once a second. */
  void tick() {
    Instant now = clock.instant();
    if (table.size() == 0 || now.isBefore(counted.plus(EVERY))) {
      return;
    }
    counted = now;
    try {
      Map<TunnelAddress, PacketCount> counts =
          gate.packets().stream()
              .collect(Collectors.toMap(PacketCount::address, Function.identity()));
      for (Session session : table.all()) {
        List<PacketCount> its =
            session.addresses().stream().map(counts::get).filter(Objects::nonNull).toList();
        if (!its.isEmpty()) {
          traffic.count(session, sum(its), now.toEpochMilli());
        }
      }
    } catch (IOException e) {
      LOG.debugf("packets are not counted: %s", e.getMessage());
    }
  }

  private static SessionTraffic.Packets sum(List<PacketCount> counts) {
    return new SessionTraffic.Packets(
        counts.stream().mapToLong(PacketCount::in).sum(),
        counts.stream().mapToLong(PacketCount::out).sum());
  }
}
