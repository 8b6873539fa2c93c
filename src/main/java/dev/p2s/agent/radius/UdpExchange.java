package dev.p2s.agent.radius;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.aaa4j.radius.core.packet.Packet;

/**
 * One request and the wait for its answer, on a socket of its own. Whatever comes meanwhile that is
 * no answer that counts is passed over, so that a forger can neither get in nor keep somebody out.
 */
final class UdpExchange {

  /** What came of it. */
  sealed interface Outcome {
    record Answered(Packet packet) implements Outcome {}

    /** Nothing that counts came in time. */
    record Unanswered() implements Outcome {}

    /** The server's host says that nobody listens, or there is no way to it. */
    record Closed() implements Outcome {}
  }

  private final RadiusPackets packets;

  UdpExchange(RadiusPackets packets) {
    this.packets = packets;
  }

  /** Sends once and waits; blocks the caller. */
  Outcome ask(
      InetSocketAddress server, byte[] secret, RadiusPackets.Sent request, Duration within) {
    return ask(server, secret, request, List.of(within));
  }

  /**
   * Sends the same bytes as often as there are times to wait for an answer; blocks the caller. For
   * what costs nobody anything when it arrives twice.
   */
  Outcome ask(
      InetSocketAddress server, byte[] secret, RadiusPackets.Sent request, List<Duration> waits) {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(server);
      for (Duration wait : waits) {
        socket.send(new DatagramPacket(request.bytes(), request.bytes().length));
        Optional<Packet> answer = listen(socket, secret, request, wait);
        if (answer.isPresent()) {
          return new Outcome.Answered(answer.get());
        }
      }
      return new Outcome.Unanswered();
    } catch (PortUnreachableException e) {
      return new Outcome.Closed();
    } catch (IOException | java.io.UncheckedIOException e) {
      return new Outcome.Closed();
    }
  }

  private Optional<Packet> listen(
      DatagramSocket socket, byte[] secret, RadiusPackets.Sent request, Duration within)
      throws IOException {
    long deadline = System.nanoTime() + within.toNanos();
    byte[] buffer = new byte[RadiusPackets.LONGEST];
    try {
      while (true) {
        long left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
        if (left <= 0) {
          return Optional.empty();
        }
        socket.setSoTimeout((int) left);
        DatagramPacket received = new DatagramPacket(buffer, buffer.length);
        socket.receive(received);
        Optional<Packet> answer =
            packets.answer(Arrays.copyOf(buffer, received.getLength()), request, secret);
        if (answer.isPresent()) {
          return answer;
        }
      }
    } catch (SocketTimeoutException e) {
      return Optional.empty();
    }
  }
}
