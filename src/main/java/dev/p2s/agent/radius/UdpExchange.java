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
import java.util.function.Supplier;
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
   * Sends once and waits for a person; blocks the caller. Whoever translates addresses on the way
   * forgets a flow that nothing passes in, Linux after 30 seconds, and drops the answer then: so
   * something that asks the person nothing is sent meanwhile.
   *
   * @param every how often
   * @param signOfLife what is sent, not of the request's identifier
   */
  Outcome askPatiently(
      InetSocketAddress server,
      byte[] secret,
      RadiusPackets.Sent request,
      Duration within,
      Duration every,
      Supplier<byte[]> signOfLife) {
    long deadline = System.nanoTime() + within.toNanos();
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(server);
      byte[] next = request.bytes();
      Duration left = within;
      while (left.isPositive()) {
        socket.send(new DatagramPacket(next, next.length));
        Optional<Packet> answer =
            listen(socket, secret, request, left.compareTo(every) < 0 ? left : every);
        if (answer.isPresent()) {
          return new Outcome.Answered(answer.get());
        }
        next = signOfLife.get();
        left = Duration.ofNanos(deadline - System.nanoTime());
      }
      return new Outcome.Unanswered();
    } catch (IOException | java.io.UncheckedIOException e) {
      return new Outcome.Closed();
    }
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
