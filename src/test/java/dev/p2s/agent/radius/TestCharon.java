package dev.p2s.agent.radius;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.aaa4j.radius.core.attribute.Attribute;
import org.aaa4j.radius.core.attribute.IntegerData;
import org.aaa4j.radius.core.attribute.StringData;
import org.aaa4j.radius.core.attribute.TextData;
import org.aaa4j.radius.core.attribute.attributes.CallingStationId;
import org.aaa4j.radius.core.attribute.attributes.NasPort;
import org.aaa4j.radius.core.attribute.attributes.State;
import org.aaa4j.radius.core.attribute.attributes.UserName;
import org.aaa4j.radius.core.packet.Packet;

/** What charon says to the agent's RADIUS desk. */
final class TestCharon implements AutoCloseable {

  static final byte[] SECRET = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private final RadiusPackets packets = new RadiusPackets(new SecureRandom());
  private final DatagramSocket socket = new DatagramSocket();
  private final int desk;

  TestCharon(int desk) throws IOException {
    this.desk = desk;
    socket.setSoTimeout(5_000);
  }

  RadiusPackets.Sent request(int client, String user, byte[] eap, Optional<State> state) {
    List<Attribute<?>> attributes = new ArrayList<>();
    attributes.add(new UserName(new TextData(user)));
    attributes.add(new NasPort(new IntegerData(client)));
    attributes.add(new CallingStationId(new TextData("192.0.2.7[4500]")));
    attributes.add(EapPackets.attribute(eap));
    state.ifPresent(given -> attributes.add(new State(new StringData(given.getData().getValue()))));
    return packets.sign(RadiusPackets.ACCESS_REQUEST, attributes, SECRET);
  }

  void send(byte[] bytes) throws IOException {
    socket.send(new DatagramPacket(bytes, bytes.length, InetAddress.getLoopbackAddress(), desk));
  }

  /** The answer to a request. */
  Packet ask(RadiusPackets.Sent request) throws IOException {
    send(request.bytes());
    return answer(request);
  }

  Packet answer(RadiusPackets.Sent request) throws IOException {
    DatagramPacket received = new DatagramPacket(new byte[4096], 4096);
    socket.receive(received);
    return packets
        .answer(Arrays.copyOf(received.getData(), received.getLength()), request, SECRET)
        .orElseThrow(() -> new AssertionError("an answer that charon would not take"));
  }

  boolean hearsNothing() throws IOException {
    socket.setSoTimeout(300);
    try {
      socket.receive(new DatagramPacket(new byte[4096], 4096));
      return false;
    } catch (SocketTimeoutException e) {
      return true;
    } finally {
      socket.setSoTimeout(5_000);
    }
  }

  @Override
  public void close() {
    socket.close();
  }
}
