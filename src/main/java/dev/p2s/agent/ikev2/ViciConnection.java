package dev.p2s.agent.ikev2;

import dev.p2s.dataplane.ikev2.ViciSection;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One connection to charon's vici socket, used by one thread: packets of a length (four octets), a
 * type (one) and, for named ones, a name. Nothing that charon says is larger than half a megabyte.
 */
final class ViciConnection implements Closeable {

  private static final int LARGEST = 512 * 1024;

  private static final int COMMAND = 0;
  private static final int RESPONSE = 1;
  private static final int COMMAND_UNKNOWN = 2;
  private static final int REGISTER = 3;
  private static final int UNREGISTER = 4;
  private static final int CONFIRMED = 5;
  private static final int EVENT_UNKNOWN = 6;
  private static final int EVENT = 7;

  /** What charon says unasked. */
  record Event(String name, ViciSection message) {}

  private record Packet(int type, String name, ViciSection message) {}

  private final SocketChannel channel;
  private final DataInputStream in;
  private final List<Event> waiting = new ArrayList<>();

  ViciConnection(SocketChannel channel) {
    this.channel = channel;
    this.in =
        new DataInputStream(new BufferedInputStream(Channels.newInputStream(channel), 64 * 1024));
  }

  static ViciConnection dial(Path socket) throws IOException {
    return new ViciConnection(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
  }

  /**
   * Gives a command and waits for its answer.
   *
   * @throws ViciRefusal where charon says no; the connection can be used further
   */
  ViciSection request(String command, ViciSection arguments) throws IOException {
    write(COMMAND, command, arguments);
    ViciSection answer = await(RESPONSE, command).message();
    if (answer.text("success").filter("no"::equals).isPresent()) {
      throw new ViciRefusal(command + ": " + answer.text("errmsg").orElse("refused"));
    }
    return answer;
  }

  /** Gives a command whose answer comes as events of a name. */
  List<ViciSection> stream(String command, String event, ViciSection arguments) throws IOException {
    register(event);
    try {
      request(command, arguments);
    } finally {
      write(UNREGISTER, event, null);
      await(CONFIRMED, event);
    }
    List<ViciSection> found = new ArrayList<>();
    waiting.removeIf(
        said -> {
          boolean wanted = said.name().equals(event);
          if (wanted) {
            found.add(said.message());
          }
          return wanted;
        });
    return found;
  }

  void register(String event) throws IOException {
    write(REGISTER, event, null);
    await(CONFIRMED, event);
  }

  /** The next event that has been registered for. */
  Event next() throws IOException {
    if (!waiting.isEmpty()) {
      return waiting.removeFirst();
    }
    Packet packet = read();
    if (packet.type() != EVENT) {
      throw new IOException("charon answers to nothing that was asked");
    }
    return new Event(packet.name(), packet.message());
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private Packet await(int type, String what) throws IOException {
    while (true) {
      Packet packet = read();
      if (packet.type() == type) {
        return packet;
      }
      if (packet.type() != EVENT) {
        throw new ViciRefusal("charon does not know " + what);
      }
      waiting.add(new Event(packet.name(), packet.message()));
    }
  }

  private void write(int type, String name, ViciSection message) throws IOException {
    byte[] title = name.getBytes(StandardCharsets.US_ASCII);
    byte[] body = message == null ? new byte[0] : ViciCodec.encode(message);
    int length = 2 + title.length + body.length;
    if (length > LARGEST) {
      throw new ViciRefusal(name + " has more than " + LARGEST + " octets");
    }
    ByteBuffer packet = ByteBuffer.allocate(4 + length);
    packet.putInt(length).put((byte) type).put((byte) title.length).put(title).put(body).flip();
    while (packet.hasRemaining()) {
      channel.write(packet);
    }
  }

  private Packet read() throws IOException {
    int length = in.readInt();
    if (length < 1 || length > LARGEST) {
      throw new IOException("charon sends a packet of " + length + " octets");
    }
    ByteBuffer packet = ByteBuffer.wrap(in.readNBytes(length));
    if (packet.remaining() < length) {
      throw new IOException("charon has gone in the middle of a packet");
    }
    int type = packet.get();
    return switch (type) {
      case RESPONSE -> new Packet(type, "", ViciCodec.decode(packet));
      case COMMAND_UNKNOWN, CONFIRMED, EVENT_UNKNOWN -> new Packet(type, "", ViciSection.EMPTY);
      case EVENT -> {
        int title = packet.hasRemaining() ? Byte.toUnsignedInt(packet.get()) : length;
        if (title > packet.remaining()) {
          throw new IOException("charon sends an event without a whole name");
        }
        byte[] name = new byte[title];
        packet.get(name);
        yield new Packet(
            type, new String(name, StandardCharsets.US_ASCII), ViciCodec.decode(packet));
      }
      default -> throw new IOException("charon sends a packet of type " + type);
    };
  }
}
