package dev.p2s.agent.radius;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.aaa4j.radius.core.attribute.Attribute;
import org.aaa4j.radius.core.attribute.attributes.MessageAuthenticator;
import org.aaa4j.radius.core.dictionary.dictionaries.StandardDictionary;
import org.aaa4j.radius.core.packet.Packet;
import org.aaa4j.radius.core.packet.PacketCodec;
import org.aaa4j.radius.core.packet.PacketCodecException;

/** A RADIUS server on the loopback that answers as a test says. */
final class TestRadiusServer implements AutoCloseable {

  static final byte[] SECRET = "s3cr3t-of-the-test".getBytes(StandardCharsets.UTF_8);

  /** Access-Requests that have come, in order. */
  final List<Packet> logins = new CopyOnWriteArrayList<>();

  /** Accounting-Requests that have come, in order. */
  final List<Packet> accounts = new CopyOnWriteArrayList<>();

  private final PacketCodec codec = new PacketCodec(new StandardDictionary());
  private final DatagramSocket socket;
  private final Thread serving;
  private volatile Function<Packet, List<Packet>> answers = request -> List.of();
  private volatile boolean answersProbes = true;
  private volatile boolean signs = true;
  private volatile int ignoredAccounts;

  TestRadiusServer() throws SocketException {
    this(0);
  }

  TestRadiusServer(int port) throws SocketException {
    socket = new DatagramSocket(port, InetAddress.getLoopbackAddress());
    serving = Thread.ofVirtual().start(this::serve);
  }

  int port() {
    return socket.getLocalPort();
  }

  /** What an Access-Request is answered with, packet for packet. */
  TestRadiusServer answering(Function<Packet, List<Packet>> how) {
    answers = how;
    return this;
  }

  TestRadiusServer withoutProbes() {
    answersProbes = false;
    return this;
  }

  /** So many Accounting-Requests are heard and not answered. */
  TestRadiusServer ignoringAccounts(int many) {
    ignoredAccounts = many;
    return this;
  }

  /** Answers have no Message-Authenticator, as those of a forger. */
  TestRadiusServer unsigned() {
    signs = false;
    return this;
  }

  static Packet packet(int code, Attribute<?>... attributes) {
    return new Packet(code, List.of(attributes));
  }

  @Override
  public void close() {
    socket.close();
    try {
      // the port is not free before the thread that reads from it has left
      serving.join(Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void serve() {
    byte[] buffer = new byte[4096];
    while (!socket.isClosed()) {
      try {
        DatagramPacket received = new DatagramPacket(buffer, buffer.length);
        socket.receive(received);
        Packet request = codec.decodeRequest(Arrays.copyOf(buffer, received.getLength()), SECRET);
        List<Packet> said;
        if (request.getCode() == RadiusPackets.STATUS_SERVER) {
          said = answersProbes ? List.of(packet(RadiusPackets.ACCESS_ACCEPT)) : List.of();
        } else if (request.getCode() == RadiusPackets.ACCOUNTING_REQUEST) {
          accounts.add(request);
          said =
              accounts.size() > ignoredAccounts
                  ? List.of(packet(RadiusPackets.ACCOUNTING_RESPONSE))
                  : List.of();
        } else {
          logins.add(request);
          said = answers.apply(request);
        }
        for (Packet answer : said) {
          byte[] bytes = bytes(answer, request);
          socket.send(new DatagramPacket(bytes, bytes.length, received.getSocketAddress()));
        }
      } catch (SocketException e) {
        return;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (PacketCodecException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private byte[] bytes(Packet answer, Packet request) throws PacketCodecException {
    List<Attribute<?>> attributes = new ArrayList<>();
    boolean accounts = request.getCode() == RadiusPackets.ACCOUNTING_REQUEST;
    if ((signs && !accounts) || request.getCode() == RadiusPackets.STATUS_SERVER) {
      attributes.add(new MessageAuthenticator());
    }
    attributes.addAll(answer.getAttributes());
    return codec.encodeResponse(
        new Packet(answer.getCode(), attributes),
        SECRET,
        request.getReceivedFields().getIdentifier(),
        request.getReceivedFields().getAuthenticator());
  }
}
