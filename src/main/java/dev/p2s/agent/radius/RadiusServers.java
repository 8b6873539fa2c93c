package dev.p2s.agent.radius;

import dev.p2s.agent.state.StateBundle;
import dev.p2s.dataplane.AgentReport;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.aaa4j.radius.core.attribute.Attribute;
import org.aaa4j.radius.core.attribute.TextData;
import org.aaa4j.radius.core.attribute.attributes.NasIdentifier;
import org.aaa4j.radius.core.packet.Packet;

/**
 * The customer's RADIUS servers as the state in force names them: which one to ask, one question
 * and its answer, and what is known of each from that. Shared by all that ask them; safe for use by
 * several threads.
 */
public final class RadiusServers implements AutoCloseable {

  /** Less than half of what Linux remembers of a flow that was not answered. */
  private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(12);

  private final Clock clock;
  private final RadiusPackets packets;
  private final UdpExchange exchange;
  private final KnownServers known;
  private final ServerProbes probes;
  private volatile RadiusSettings settings;

  public RadiusServers(Clock clock, SecureRandom random) {
    this.clock = clock;
    this.packets = new RadiusPackets(random);
    this.exchange = new UdpExchange(packets);
    this.known = new KnownServers(clock);
    this.probes = new ServerProbes(packets, exchange, known);
  }

  /** What came of a question. */
  sealed interface Reply {

    /**
     * @param authenticator of the request, which keys in the answer are hidden with
     */
    record Answer(Packet packet, byte[] authenticator) implements Reply {}

    /**
     * Nothing that counts came in time.
     *
     * @param away whether the server is known to be away by now
     */
    record Silence(boolean away) implements Reply {}
  }

  /** From now on this state's servers are asked. */
  public void follow(StateBundle bundle) {
    settings = RadiusSettings.of(bundle).orElse(null);
    List<RadiusServer> servers = settings == null ? List.of() : settings.servers();
    known.retain(servers);
    probes.follow(servers, settings == null ? "" : settings.nasIdentifier());
  }

  /** How the servers are asked; empty where nobody logs in by RADIUS. */
  Optional<RadiusSettings> settings() {
    return Optional.ofNullable(settings);
  }

  /** What is known of each, for those who look after them. */
  public List<AgentReport.RadiusReach> reach() {
    return settings().stream()
        .flatMap(asked -> asked.servers().stream())
        .map(
            server ->
                ReachReport.of(server, known.of(server), known.lastReply(server), clock.instant()))
        .toList();
  }

  /**
   * Whom to ask; empty where all are known to be away.
   *
   * @param beside those that have been asked already
   */
  Optional<RadiusServer> next(RadiusSettings asked, List<RadiusServer> beside) {
    return known.next(asked.servers().stream().filter(server -> !beside.contains(server)).toList());
  }

  /** Asks once and waits; blocks the caller. */
  Reply ask(RadiusServer server, List<Attribute<?>> attributes, Duration within) {
    RadiusPackets.Sent request =
        packets.sign(RadiusPackets.ACCESS_REQUEST, attributes, server.secret());
    return switch (exchange.askPatiently(
        server.authentication(),
        server.secret(),
        request,
        within,
        SIGN_OF_LIFE,
        () -> signOfLife(server, request.id()))) {
      case UdpExchange.Outcome.Closed() -> {
        known.learn(server, reach -> reach.closed(clock.instant()));
        yield new Reply.Silence(true);
      }
      case UdpExchange.Outcome.Unanswered() -> {
        known.learn(server, reach -> reach.loginUnanswered(clock.instant()));
        yield new Reply.Silence(known.of(server).grade(clock.instant()) == ServerReach.Grade.AWAY);
      }
      case UdpExchange.Outcome.Answered(var packet) -> {
        known.replied(server);
        known.learn(server, ServerReach::loginAnswered);
        yield new Reply.Answer(packet, request.authenticator());
      }
    };
  }

  private byte[] signOfLife(RadiusServer server, int beside) {
    RadiusSettings asked = settings;
    String nasIdentifier = asked == null ? "" : asked.nasIdentifier();
    while (true) {
      RadiusPackets.Sent status =
          packets.sign(
              RadiusPackets.STATUS_SERVER,
              List.of(new NasIdentifier(new TextData(nasIdentifier))),
              server.secret());
      if (status.id() != beside) {
        return status.bytes();
      }
    }
  }

  @Override
  public void close() {
    probes.close();
  }
}
