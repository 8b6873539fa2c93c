package dev.p2s.agent;

import dev.p2s.agent.session.ClientCertificate;
import dev.p2s.agent.session.Ending;
import dev.p2s.agent.session.Person;
import dev.p2s.agent.session.Session;
import dev.p2s.agent.session.SessionTable;
import dev.p2s.agent.session.SessionTraffic;
import dev.p2s.dataplane.GatewayState;
import java.time.Clock;
import java.time.Duration;

/**
 * How long sessions and logins may last, of whatever protocol. Ends those whose time is over: the
 * login's, the gateway's, or that of somebody who never finished their handshake or from and to
 * whom no packet passes any more.
 */
final class SessionTimes {

  /** OpenVPN gives a client 60 seconds to finish its handshake. */
  private static final Duration ESTABLISH_WITHIN = Duration.ofSeconds(75);

  private final SessionTable table;
  private final SessionTraffic traffic;
  private final PolicyPoint policy;
  private final Evictor servers;
  private final Clock clock;

  SessionTimes(
      SessionTable table,
      SessionTraffic traffic,
      PolicyPoint policy,
      Evictor servers,
      Clock clock) {
    this.table = table;
    this.traffic = traffic;
    this.policy = policy;
    this.servers = servers;
    this.clock = clock;
  }

  /** Somebody who has logged in just now: their login lasts as long as a session may. */
  Person forOneSession(Person person, GatewayState state) {
    return state == null || state.longestSessionSeconds() == null
        ? person
        : person.until(clock.instant().plusSeconds(state.longestSessionSeconds()));
  }

  /**
   * Once a second.
   *
   * @param state what is in force
   */
  void tick(GatewayState state) {
    for (Session session : table.all()) {
      if (session.credential().hasEnded(clock.instant())) {
        policy.objection(session.credential()).ifPresent(why -> policy.expel(session, why));
      } else if (neverCompleted(session)) {
        policy.evict(session, Ending.NEVER_COMPLETED);
      } else if (isTooLong(session, state)) {
        policy.evict(session, Ending.LASTED_AS_LONG_AS_IT_MAY);
      } else if (isIdle(session, state)) {
        policy.dismiss(session, Ending.IDLE);
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

  // an agent that was started anew has seen nothing pass: it begins to wait with its first count
  private boolean isIdle(Session session, GatewayState state) {
    return state.idleSeconds() != null
        && clock.millis() - traffic.lastPacket(session).orElse(clock.millis())
            >= state.idleSeconds() * 1000;
  }

  private long age(Session session) {
    return clock.millis() - session.sinceMillis();
  }
}
