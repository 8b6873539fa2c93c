package dev.p2s.agent.radius;

import dev.p2s.dataplane.RadiusPorts;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Where the customer's RADIUS servers ask for the end of sessions (RFC 5176, UDP 3799 of the pod).
 * Only they are heard, each with the secret that it shares with the gateway; a request that comes
 * again gets the same answer and ends nothing more.
 */
public final class DisconnectDesk implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(DisconnectDesk.class);

  /** Requests that are remembered: all that servers send within the window, with room. */
  private static final int REMEMBERED = 4_096;

  private static final byte[] PENDING = {};

  private final int port;
  private final RadiusServers servers;
  private final SessionEnding sessions;
  private final Clock clock;
  private final DisconnectPackets packets;
  private final Map<String, byte[]> answers =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, byte[]> eldest) {
          return size() > REMEMBERED;
        }
      };
  private DatagramSocket socket;

  /**
   * @param sessions knows the pod's and ends them
   */
  public DisconnectDesk(
      RadiusServers servers, SessionEnding sessions, Clock clock, SecureRandom random) {
    this(RadiusPorts.DISCONNECT, servers, sessions, clock, random);
  }

  DisconnectDesk(
      int port, RadiusServers servers, SessionEnding sessions, Clock clock, SecureRandom random) {
    this.port = port;
    this.servers = servers;
    this.sessions = sessions;
    this.clock = clock;
    this.packets = new DisconnectPackets(random);
  }

  /** After {@link RadiusServers#follow}: begins to listen with the first servers. */
  public synchronized void follow() {
    if (socket != null || servers.settings().isEmpty()) {
      return;
    }
    try {
      socket = new DatagramSocket(new InetSocketAddress(port));
    } catch (SocketException e) {
      LOG.errorf("RADIUS servers cannot end sessions: UDP %d: %s", port, e.getMessage());
      return;
    }
    DatagramSocket open = socket;
    Thread.ofPlatform().daemon().name("radius-disconnect").start(() -> serve(open));
  }

  synchronized int port() {
    return socket.getLocalPort();
  }

  @Override
  public synchronized void close() {
    if (socket != null) {
      socket.close();
    }
  }

  private void serve(DatagramSocket open) {
    byte[] buffer = new byte[RadiusPackets.LONGEST];
    while (!open.isClosed()) {
      try {
        DatagramPacket received = new DatagramPacket(buffer, buffer.length);
        open.receive(received);
        hear(
            open,
            Arrays.copyOf(buffer, received.getLength()),
            (InetSocketAddress) received.getSocketAddress());
      } catch (SocketException e) {
        LOG.debugf("nobody listens for disconnects any more: %s", e.getMessage());
      } catch (IOException e) {
        LOG.warnf("RADIUS servers cannot be heard: %s", e.getMessage());
      }
    }
  }

  private void hear(DatagramSocket open, byte[] datagram, InetSocketAddress from) {
    Optional<RadiusSettings> asked = servers.settings();
    Optional<RadiusServer> server =
        asked.stream()
            .flatMap(settings -> settings.servers().stream())
            .filter(each -> each.address().equals(from.getAddress()))
            .findFirst();
    Optional<DisconnectPackets.Received> received =
        server.flatMap(known -> packets.read(datagram, known.secret()));
    if (received.isEmpty()) {
      LOG.debugf("what %s says counts for nothing", from);
      return;
    }
    // who repeats it may do so from another port; the authenticator is different for each request
    String name = server.get() + " " + HexFormat.of().formatHex(datagram, 1, 20);
    byte[] known;
    synchronized (answers) {
      known = answers.putIfAbsent(name, PENDING);
    }
    if (known == null) {
      sessions.decide(
          present ->
              received.get().request().judge(asked.get().nasIdentifier(), present, clock.instant()),
          done -> answer(open, from, name, written(done, received.get(), server.get())));
    } else if (known.length > 0) {
      send(open, known, from);
    }
  }

  private byte[] written(
      DisconnectRequest.Verdict verdict, DisconnectPackets.Received received, RadiusServer server) {
    return switch (verdict) {
      case DisconnectRequest.Verdict.End(var ended) -> {
        LOG.infof("RADIUS server %s has ended %d sessions", server, ended.size());
        yield packets.acknowledge(received, server.secret());
      }
      case DisconnectRequest.Verdict.Refuse(DisconnectRequest.Cause cause) -> {
        LOG.infof("RADIUS server %s asked for the end of a session: %s", server, cause);
        yield packets.refuse(received, cause, server.secret());
      }
      case DisconnectRequest.Verdict.Ignore() -> PENDING;
    };
  }

  private void answer(DatagramSocket open, SocketAddress to, String name, byte[] answer) {
    synchronized (answers) {
      answers.put(name, answer);
    }
    if (answer.length > 0) {
      send(open, answer, to);
    }
  }

  private static void send(DatagramSocket open, byte[] answer, SocketAddress to) {
    try {
      open.send(new DatagramPacket(answer, answer.length, to));
    } catch (IOException e) {
      // the server asks again and gets the same answer
      LOG.debugf("a RADIUS server cannot be answered: %s", e.getMessage());
    }
  }
}
