package dev.p2s.agent.radius;

import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * In which order servers are told: by score, but one that was silent lately last. Accounting has a
 * port of its own, which may be closed where logins are answered. Safe for use by several threads.
 */
final class AccountingServers {

  /** How long one that was silent is asked after the other. */
  static final Duration AVOIDED = Duration.ofSeconds(30);

  private final Clock clock;
  private final Map<InetSocketAddress, Instant> silentSince = new HashMap<>();

  AccountingServers(Clock clock) {
    this.clock = clock;
  }

  synchronized List<RadiusServer> order(List<RadiusServer> servers) {
    return servers.stream()
        .sorted(
            Comparator.comparing(this::isAvoided)
                .thenComparing(Comparator.comparingInt(RadiusServer::score).reversed()))
        .toList();
  }

  synchronized void answered(RadiusServer server) {
    silentSince.remove(server.accounting());
  }

  synchronized void silent(RadiusServer server) {
    silentSince.put(server.accounting(), clock.instant());
  }

  private boolean isAvoided(RadiusServer server) {
    Instant since = silentSince.get(server.accounting());
    return since != null && clock.instant().isBefore(since.plus(AVOIDED));
  }
}
