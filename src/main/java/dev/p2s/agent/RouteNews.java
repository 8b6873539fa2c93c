package dev.p2s.agent;

import dev.p2s.addressing.CidrSet;
import dev.p2s.agent.session.Session;
import dev.p2s.agent.session.SessionTable;
import dev.p2s.api.v1alpha1.TunnelType;
import dev.p2s.dataplane.GatewayState;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

/**
 * Lets clients learn of routes that have changed. The kernel goes by the new ones at once; an
 * OpenVPN client is told its routes when it dials, so it is asked to dial again: a part of the
 * clients a second, and only those for whom something has changed. IKEv2 clients would not come
 * back by themselves, and learn with their next connection.
 */
final class RouteNews {

  /** Edits that follow one another move a client once. */
  private static final Duration SETTLE = Duration.ofSeconds(3);

  /** At most this part of the clients a second, but always a few, so that no storm arises. */
  private static final int PART = 10;

  private static final int FEW = 5;

  private final SessionTable table;
  private final PolicyPoint policy;
  private final Clock clock;
  private Instant changed = Instant.EPOCH;

  RouteNews(SessionTable table, PolicyPoint policy, Clock clock) {
    this.table = table;
    this.policy = policy;
    this.clock = clock;
  }

  /** What a client of a group is told, in short; null where it is told otherwise. */
  static String digest(GatewayState state, TunnelType protocol, String group) {
    if (protocol != TunnelType.OpenVPN) {
      return null;
    }
    byte[] routes =
        CidrSet.merged(state.routesOf(group)).toString().getBytes(StandardCharsets.UTF_8);
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(routes))
          .substring(0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Another state is in force. */
  void follow() {
    changed = clock.instant();
  }

  /** Once a second: asks the next of those who know old routes to dial again. */
  void tick(GatewayState state) {
    if (clock.instant().isBefore(changed.plus(SETTLE))) {
      return;
    }
    List<Session> outdated =
        table.all().stream().filter(session -> isOutdated(session, state)).toList();
    outdated.stream()
        .limit(Math.max(FEW, table.size() / PART))
        .forEach(session -> policy.evict(session, "routes changed"));
  }

  private static boolean isOutdated(Session session, GatewayState state) {
    return session.told() != null
        && !session.told().equals(digest(state, session.seat().protocol(), session.group()));
  }
}
