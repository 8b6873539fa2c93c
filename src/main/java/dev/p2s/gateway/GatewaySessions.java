package dev.p2s.gateway;

import dev.p2s.addressing.Cidr;
import dev.p2s.api.v1alpha1.GatewayPolicies;
import dev.p2s.api.v1alpha1.P2SGatewaySpec;
import dev.p2s.dataplane.PolicyGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How sessions are: how long they last, and whether they reach one another.
 *
 * @param longest how long somebody may stay who has logged in once; empty: without end
 * @param idle after which a session ends in which no packet has passed; empty: it stays
 * @param clientToClient whether clients may reach one another
 * @param newestOnly whether a user's newest session ends the earlier ones
 */
record GatewaySessions(
    Optional<Duration> longest,
    Optional<Duration> idle,
    boolean clientToClient,
    boolean newestOnly) {

  private static final Pattern MINUTES_OR_HOURS = Pattern.compile("[1-9][0-9]{0,4}[mh]");

  static GatewaySessions of(P2SGatewaySpec spec) throws GatewayRefused {
    return new GatewaySessions(
        duration(
            "spec.sessions.maxDuration",
            spec.sessions() == null ? null : spec.sessions().maxDuration(),
            "90m or 12h"),
        duration(
            "spec.sessions.idleTimeout",
            spec.sessions() == null ? null : spec.sessions().idleTimeout(),
            "30m"),
        Boolean.TRUE.equals(spec.clientToClient()),
        spec.sessions() != null
            && spec.sessions().duplicates() == GatewayPolicies.Duplicates.Replace);
  }

  /** What sessions may reach at all: the routes, and one another where that is so. */
  List<Cidr> reachable(List<Cidr> routes, List<Cidr> pools, List<PolicyGroup> groups) {
    if (!clientToClient) {
      return routes;
    }
    List<Cidr> all = new ArrayList<>(routes);
    PolicyGroup.poolSets(pools, groups).forEach(all::addAll);
    return all;
  }

  private static Optional<Duration> duration(String field, String written, String example)
      throws GatewayRefused {
    if (written == null) {
      return Optional.empty();
    }
    if (!MINUTES_OR_HOURS.matcher(written).matches()) {
      throw new GatewayRefused(
          GatewayRefusal.SessionsInvalid,
          field
              + ": "
              + GatewayRules.quoted(written)
              + " is not minutes or hours, such as "
              + example);
    }
    return Optional.of(Duration.parse("PT" + written.toUpperCase(Locale.ROOT)));
  }
}
