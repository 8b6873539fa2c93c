package dev.p2s.agent;

import dev.p2s.addressing.CidrSet;
import dev.p2s.agent.session.Ending;
import dev.p2s.agent.session.Session;
import dev.p2s.agent.session.SessionTable;
import dev.p2s.api.v1alpha1.TunnelType;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.PolicyGroup;
import dev.p2s.dataplane.Sha256;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Lets clients learn of routes that have changed. The kernel goes by the new ones at once; an
 * OpenVPN client is told its routes when it dials, so it is asked to dial again: a part of the
 * clients a second, and only those for whom something has changed. IKEv2 and SSTP clients have no
 * routes from the gateway that they would ask for anew, and are left alone.
 */
final class RouteNews {

  /** Edits that follow one another move a client once. */
  private static final Duration SETTLE = Duration.ofSeconds(3);

  /** At most this part of the clients a second, but always a few, so that no storm arises. */
  private static final int PART = 10;

  private static final int FEW = 5;
  private static final int DIGITS = 16;

  private final SessionTable table;
  private final PolicyPoint policy;
  private final Clock clock;
  private Map<String, String> digests = new HashMap<>();
  private Instant changed = Instant.EPOCH;

  RouteNews(SessionTable table, PolicyPoint policy, Clock clock) {
    this.table = table;
    this.policy = policy;
    this.clock = clock;
  }

  /** From now on these are the routes. */
  void follow(GatewayState state) {
    Map<String, String> next = new HashMap<>();
    Stream.concat(Stream.of((String) null), state.groups().stream().map(PolicyGroup::name))
        .forEach(group -> next.put(group, digest(state, group)));
    if (!next.equals(digests)) {
      digests = next;
      changed = clock.instant();
    }
  }

  /**
   * What a client is told, in short; null where clients are told otherwise.
   *
   * @param group the client's policy group, or null where it has none
   */
  String told(TunnelType protocol, String group) {
    return protocol == TunnelType.OpenVPN ? digests.get(group) : null;
  }

  /** Once a second: asks the next of those who know old routes to dial again. */
  void tick() {
    if (digests.isEmpty() || clock.instant().isBefore(changed.plus(SETTLE))) {
      return;
    }
    table.all().stream()
        .filter(this::isOutdated)
        .limit(Math.max(FEW, table.size() / PART))
        .forEach(session -> policy.evict(session, Ending.ROUTES_CHANGED));
  }

  private boolean isOutdated(Session session) {
    return session.told() != null
        && !session.told().equals(told(session.seat().protocol(), session.group()));
  }

  private static String digest(GatewayState state, String group) {
    return Sha256.hex(CidrSet.merged(state.routesOf(group)).toString()).substring(0, DIGITS);
  }
}
