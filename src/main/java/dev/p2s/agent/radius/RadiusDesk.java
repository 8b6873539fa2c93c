package dev.p2s.agent.radius;

import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.Ipv6Pool;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * The RADIUS server on the pod's loopback that charon brings EAP to. charon sends a request again
 * while it waits; a repeated one is passed on no second time, and gets the same answer.
 */
public final class RadiusDesk implements AutoCloseable {

  /** Fixed, since charon goes on asking here when the agent has been started anew. */
  public static final int PORT = 9561;

  private static final Logger LOG = Logger.getLogger(RadiusDesk.class);

  /** Requests that are remembered: more than charon has on their way at a time. */
  private static final int REMEMBERED = 4_096;

  private static final byte[] PENDING = {};

  private final AtomicReference<Optional<Ipv6Pool>> ipv6 = new AtomicReference<>(Optional.empty());
  private final int port;
  private final EapRelay relay;
  private final DeskPackets packets;
  private final Supplier<Optional<byte[]>> secret;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
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
   * @param secret what charon shares with the agent; empty while there is no charon
   */
  public RadiusDesk(
      RadiusServers servers,
      EapAdmission admission,
      Supplier<Optional<byte[]>> secret,
      Clock clock,
      SecureRandom random) {
    this(PORT, new EapRelay(servers, admission, clock, random), secret, random);
  }

  RadiusDesk(int port, EapRelay relay, Supplier<Optional<byte[]>> secret, SecureRandom random) {
    this.port = port;
    this.relay = relay;
    this.secret = secret;
    this.packets = new DeskPackets(random);
  }

  /** Begins to answer with the first state of a gateway that has people log in over IKEv2. */
  public void follow(GatewayState state) {
    ipv6.set(Ipv6Pool.of(state.clientAddressPools()));
    if (state.ikev2() != null && state.authentications().contains(AuthenticationType.RADIUS)) {
      try {
        start();
      } catch (IOException e) {
        LOG.errorf("nobody can log in over IKEv2: %s", e.getMessage());
      }
    }
  }

  synchronized void start() throws IOException {
    if (socket == null) {
      socket = new DatagramSocket(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port));
      DatagramSocket open = socket;
      Thread.ofPlatform().daemon().name("radius-desk").start(() -> serve(open));
    }
  }

  synchronized int port() {
    return socket.getLocalPort();
  }

  @Override
  public synchronized void close() {
    if (socket != null) {
      socket.close();
    }
    threads.shutdownNow();
  }

  private void serve(DatagramSocket open) {
    byte[] buffer = new byte[RadiusPackets.LONGEST];
    while (!open.isClosed()) {
      try {
        DatagramPacket received = new DatagramPacket(buffer, buffer.length);
        open.receive(received);
        byte[] datagram = Arrays.copyOf(buffer, received.getLength());
        SocketAddress from = received.getSocketAddress();
        threads.execute(() -> answer(open, datagram, from));
      } catch (SocketException | RejectedExecutionException e) {
        LOG.debugf("the desk is closed: %s", e.getMessage());
      } catch (IOException e) {
        LOG.warnf("charon cannot be heard: %s", e.getMessage());
      }
    }
  }

  private void answer(DatagramSocket open, byte[] datagram, SocketAddress from) {
    Optional<byte[]> shared = secret.get();
    Optional<DeskPackets.Request> request = shared.flatMap(key -> packets.read(datagram, key));
    if (request.isEmpty()) {
      return;
    }
    String name = from + " " + HexFormat.of().formatHex(datagram, 1, 20);
    byte[] known;
    synchronized (answers) {
      known = answers.putIfAbsent(name, PENDING);
    }
    if (known == null) {
      try {
        known =
            packets.write(
                relay.answer(request.get().said()), request.get(), shared.get(), ipv6.get());
      } finally {
        remember(name, known);
      }
    }
    if (known.length > 0) {
      send(open, known, from);
    }
  }

  /** What could not be answered may be asked again. */
  private void remember(String name, byte[] answer) {
    synchronized (answers) {
      if (answer == null) {
        answers.remove(name);
      } else {
        answers.put(name, answer);
      }
    }
  }

  private static void send(DatagramSocket open, byte[] answer, SocketAddress to) {
    try {
      open.send(new DatagramPacket(answer, answer.length, to));
    } catch (IOException e) {
      // charon asks again
      LOG.debugf("charon cannot be answered: %s", e.getMessage());
    }
  }
}
