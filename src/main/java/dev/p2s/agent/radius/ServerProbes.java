package dev.p2s.agent.radius;

import java.time.Duration;
import java.util.List;
import org.aaa4j.radius.core.attribute.TextData;
import org.aaa4j.radius.core.attribute.attributes.NasIdentifier;

/**
 * Asks each server every few seconds whether it is there (Status-Server, RFC 5997), so that a login
 * goes to one that answers. It is the way back too: a server that answers again is asked again.
 */
final class ServerProbes implements AutoCloseable {

  private static final Duration INTERVAL = Duration.ofSeconds(5);

  /** A server that never answers one is not written a log full of them. */
  private static final Duration SELDOM = Duration.ofSeconds(60);

  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final RadiusPackets packets;
  private final UdpExchange exchange;
  private final KnownServers known;
  private List<Thread> threads = List.of();
  private List<RadiusServer> followed = List.of();

  ServerProbes(RadiusPackets packets, UdpExchange exchange, KnownServers known) {
    this.packets = packets;
    this.exchange = exchange;
    this.known = known;
  }

  /** From now on these servers are asked. */
  synchronized void follow(List<RadiusServer> servers, String nasIdentifier) {
    if (same(servers)) {
      return;
    }
    close();
    followed = servers;
    threads =
        servers.stream()
            .map(
                server ->
                    Thread.ofVirtual()
                        .name("radius-probe-" + server)
                        .start(() -> probe(server, nasIdentifier)))
            .toList();
  }

  @Override
  public synchronized void close() {
    threads.forEach(Thread::interrupt);
    threads = List.of();
    followed = List.of();
  }

  private boolean same(List<RadiusServer> servers) {
    return servers.size() == followed.size()
        && servers.stream()
            .allMatch(
                server ->
                    followed.stream()
                        .anyMatch(
                            other ->
                                other.authentication().equals(server.authentication())
                                    && java.util.Arrays.equals(other.secret(), server.secret())));
  }

  private void probe(RadiusServer server, String nasIdentifier) {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        ask(server, nasIdentifier);
        ServerReach reach = known.of(server);
        boolean seldom = !reach.answersProbes() && reach.missedProbes() > ServerReach.TOLERATED;
        Thread.sleep(seldom ? SELDOM : INTERVAL);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void ask(RadiusServer server, String nasIdentifier) {
    RadiusPackets.Sent request =
        packets.sign(
            RadiusPackets.STATUS_SERVER,
            List.of(new NasIdentifier(new TextData(nasIdentifier))),
            server.secret());
    UdpExchange.Outcome outcome =
        exchange.ask(server.authentication(), server.secret(), request, PATIENCE);
    if (!Thread.currentThread().isInterrupted()) {
      boolean answered = outcome instanceof UdpExchange.Outcome.Answered;
      if (answered) {
        known.replied(server);
      }
      known.learn(server, answered ? ServerReach::probeAnswered : ServerReach::probeMissed);
    }
  }
}
