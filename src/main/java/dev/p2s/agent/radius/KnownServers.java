package dev.p2s.agent.radius;

import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jboss.logging.Logger;

/** What is known of the servers, by address; told once where it turns. */
final class KnownServers {

  private static final Logger LOG = Logger.getLogger(KnownServers.class);

  private final Clock clock;
  private final Map<InetSocketAddress, ServerReach> reach = new HashMap<>();
  private final Map<InetSocketAddress, Instant> lastReply = new HashMap<>();

  KnownServers(Clock clock) {
    this.clock = clock;
  }

  synchronized ServerReach of(RadiusServer server) {
    return reach.getOrDefault(server.authentication(), ServerReach.UNKNOWN);
  }

  synchronized Optional<RadiusServer> next(List<RadiusServer> servers) {
    return ServerReach.next(servers, this::of, clock.instant());
  }

  /** It has said something that counts. */
  synchronized void replied(RadiusServer server) {
    lastReply.put(server.authentication(), clock.instant());
  }

  synchronized Optional<Instant> lastReply(RadiusServer server) {
    return Optional.ofNullable(lastReply.get(server.authentication()));
  }

  void learn(RadiusServer server, UnaryOperator<ServerReach> what) {
    ServerReach.Grade before;
    ServerReach.Grade after;
    synchronized (this) {
      before = of(server).grade(clock.instant());
      reach.put(server.authentication(), what.apply(of(server)));
      after = of(server).grade(clock.instant());
    }
    if (before != after) {
      switch (after) {
        case GOOD -> LOG.infof("RADIUS server %s answers again", server);
        case DOUBTFUL -> LOG.warnf("RADIUS server %s has left logins unanswered", server);
        case AWAY -> LOG.warnf("RADIUS server %s does not answer", server);
      }
    }
  }

  /** Forgets servers that are configured no more. */
  synchronized void retain(List<RadiusServer> servers) {
    List<InetSocketAddress> there = servers.stream().map(RadiusServer::authentication).toList();
    reach.keySet().retainAll(there);
    lastReply.keySet().retainAll(there);
  }
}
