package dev.p2s.agent;

import dev.p2s.agent.session.ClientCertificate;
import dev.p2s.agent.session.Person;
import dev.p2s.agent.session.Session;
import dev.p2s.dataplane.GatewayState;
import java.time.Clock;
import java.time.Duration;

/** How long sessions and logins may last. */
final class SessionTimes {

  /** OpenVPN gives a client 60 seconds to finish its handshake. */
  private static final Duration ESTABLISH_WITHIN = Duration.ofSeconds(75);

  private final Clock clock;

  SessionTimes(Clock clock) {
    this.clock = clock;
  }

  /** Somebody who has logged in just now: their login lasts as long as a session may. */
  Person forOneSession(Person person, GatewayState state) {
    return state == null || state.longestSessionSeconds() == null
        ? person
        : person.until(clock.instant().plusSeconds(state.longestSessionSeconds()));
  }

  /** Whether a client should have finished its handshake by now. */
  boolean isLate(Session session) {
    return clock.millis() - session.sinceMillis() > ESTABLISH_WITHIN.toMillis();
  }

  // a person's login has an end of its own, which a pass or another pod does not put off
  boolean isTooLong(Session session, GatewayState state) {
    return session.credential() instanceof ClientCertificate
        && state != null
        && state.longestSessionSeconds() != null
        && clock.millis() - session.sinceMillis() >= state.longestSessionSeconds() * 1000;
  }
}
