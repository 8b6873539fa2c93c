package dev.p2s.agent;

import dev.p2s.agent.session.Refusal;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/** What the agent counts; every name begins with {@code p2s}. */
public final class AgentMeters {

  private final MeterRegistry registry;
  private final AtomicInteger sessions = new AtomicInteger();
  private final AtomicInteger processes = new AtomicInteger();
  private final AtomicInteger programmed = new AtomicInteger();

  public AgentMeters(MeterRegistry registry) {
    this.registry = registry;
    registry.gauge("p2s.sessions", sessions);
    registry.gauge("p2s.server.processes", processes);
    registry.gauge("p2s.programmed", programmed);
  }

  void admitted() {
    decision("admitted", "none");
  }

  void refused(Refusal refusal) {
    decision("refused", refusal.reason().name());
  }

  void bytes(long in, long out) {
    traffic("in").increment(in);
    traffic("out").increment(out);
  }

  void state(int liveSessions, int liveProcesses, boolean isProgrammed) {
    sessions.set(liveSessions);
    processes.set(liveProcesses);
    programmed.set(isProgrammed ? 1 : 0);
  }

  private void decision(String outcome, String reason) {
    registry
        .counter("p2s.admissions", "protocol", "OpenVPN", "outcome", outcome, "reason", reason)
        .increment();
  }

  private Counter traffic(String direction) {
    return registry.counter("p2s.bytes", "protocol", "OpenVPN", "direction", direction);
  }
}
