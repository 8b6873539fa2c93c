package dev.p2s.agent;

import dev.p2s.agent.session.Refusal;
import dev.p2s.api.v1alpha1.TunnelType;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What the agent counts; every name begins with {@code p2s}. */
public final class AgentMeters {

  private final MeterRegistry registry;
  private final AtomicInteger sessions = new AtomicInteger();
  private final AtomicInteger processes = new AtomicInteger();
  private final AtomicInteger programmed = new AtomicInteger();
  private final AtomicLong shaped = new AtomicLong();

  public AgentMeters(MeterRegistry registry) {
    this.registry = registry;
    registry.gauge("p2s.sessions", sessions);
    registry.gauge("p2s.server.processes", processes);
    registry.gauge("p2s.programmed", programmed);
    registry.gauge("p2s.shaped.bits.per.second", shaped);
  }

  /** What the pod's tunnels are held to; 0: nothing. */
  void shaped(long bitsPerSecond) {
    shaped.set(bitsPerSecond);
  }

  void admitted(TunnelType protocol) {
    decision(protocol, "admitted", "none");
  }

  void refused(TunnelType protocol, Refusal refusal) {
    decision(protocol, "refused", refusal.reason().name());
  }

  void bytes(TunnelType protocol, long in, long out) {
    traffic(protocol, "in").increment(in);
    traffic(protocol, "out").increment(out);
  }

  void state(int liveSessions, int liveProcesses, boolean isProgrammed) {
    sessions.set(liveSessions);
    processes.set(liveProcesses);
    programmed.set(isProgrammed ? 1 : 0);
  }

  private void decision(TunnelType protocol, String outcome, String reason) {
    registry
        .counter(
            "p2s.admissions", "protocol", protocol.name(), "outcome", outcome, "reason", reason)
        .increment();
  }

  private Counter traffic(TunnelType protocol, String direction) {
    return registry.counter("p2s.bytes", "protocol", protocol.name(), "direction", direction);
  }
}
