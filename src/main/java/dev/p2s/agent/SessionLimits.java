package dev.p2s.agent;

import dev.p2s.agent.kernel.KernelGate;
import dev.p2s.agent.session.ClientCertificate;
import dev.p2s.agent.session.Session;
import dev.p2s.agent.session.SessionTable;
import dev.p2s.agent.session.SessionTraffic;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.kernel.NetdCommand;
import dev.p2s.dataplane.kernel.NetdReply;
import dev.p2s.dataplane.kernel.PacketCount;
import dev.p2s.dataplane.kernel.TunnelAddress;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Ends sessions whose time is over: the login's, the gateway's limit, or that of somebody who never
 * finished their handshake or from and to whom no packet passes any more.
 */
final class SessionLimits {

  private static final Logger LOG = Logger.getLogger(SessionLimits.class);

  /** OpenVPN gives a client 60 seconds to finish its handshake. */
  private static final Duration ESTABLISH_WITHIN = Duration.ofSeconds(75);

  private static final Duration COUNT_EVERY = Duration.ofSeconds(10);

  private final SessionTable table;
  private final SessionTraffic traffic;
  private final PolicyPoint policy;
  private final Evictor servers;
  private final KernelGate gate;
  private final Clock clock;
  private Instant counted = Instant.EPOCH;

  SessionLimits(
      SessionTable table,
      SessionTraffic traffic,
      PolicyPoint policy,
      Evictor servers,
      KernelGate gate,
      Clock clock) {
    this.table = table;
    this.traffic = traffic;
    this.policy = policy;
    this.servers = servers;
    this.gate = gate;
    this.clock = clock;
  }

  /**
   * Once a second.
   *
   * @param state what is in force
   */
  void tick(GatewayState state) {
    count();
    for (Session session : table.all()) {
      if (session.credential().hasEnded(clock.instant())) {
        policy.objection(session.credential()).ifPresent(why -> policy.expel(session, why));
      } else if (neverCompleted(session)) {
        policy.evict(session, "never completed");
      } else if (isTooLong(session, state)) {
        policy.evict(session, "lasted as long as a session may");
      } else if (isIdle(session, state)) {
        policy.dismiss(session, "no packet for as long as a session may be idle");
      }
    }
  }

  private boolean neverCompleted(Session session) {
    return age(session) > ESTABLISH_WITHIN.toMillis()
        && !traffic.isEstablished(session)
        && servers.answers(session.seat());
  }

  // a person's login has an end of its own, which a pass or another pod does not put off
  private boolean isTooLong(Session session, GatewayState state) {
    return session.credential() instanceof ClientCertificate
        && state.longestSessionSeconds() != null
        && age(session) >= state.longestSessionSeconds() * 1000;
  }

  private boolean isIdle(Session session, GatewayState state) {
    if (state.idleSeconds() == null) {
      return false;
    }
    // an agent that was started anew has seen nothing pass, and begins to wait when it counts first
    long last = traffic.packetsOf(session).sinceMillis();
    return last > 0 && clock.millis() - last >= state.idleSeconds() * 1000;
  }

  private long age(Session session) {
    return clock.millis() - session.sinceMillis();
  }

  private void count() {
    if (table.size() == 0
        || Duration.between(counted, clock.instant()).compareTo(COUNT_EVERY) < 0) {
      return;
    }
    counted = clock.instant();
    try {
      NetdReply reply = gate.ask(new NetdCommand.CountPackets());
      Map<TunnelAddress, PacketCount> packets =
          reply.packets().stream()
              .collect(Collectors.toMap(PacketCount::address, Function.identity()));
      for (Session session : table.all()) {
        PacketCount count = packets.get(session.address());
        if (count != null) {
          traffic.packets(session, count.in(), count.out(), clock.millis());
        }
      }
    } catch (IOException e) {
      LOG.debugf("packets are not counted: %s", e.getMessage());
    }
  }
}
