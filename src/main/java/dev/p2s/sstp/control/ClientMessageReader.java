package dev.p2s.sstp.control;

import dev.p2s.sstp.binding.BindingClaim;
import dev.p2s.sstp.binding.HashProtocol;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads a client's control packets ([MS-SSTP] 2.2.2–2.2.15). */
public final class ClientMessageReader {

  private static final int FIXED_BYTES = SstpHeader.BYTES + 4;
  private static final int BINDING_BYTES = 100;

  private ClientMessageReader() {}

  /**
   * @param packet a whole control packet, its header included
   * @throws MalformedPacketException where the specification does not allow it
   */
  public static ClientMessage read(byte[] packet) throws MalformedPacketException {
    if (packet.length < FIXED_BYTES) {
      throw new MalformedPacketException(Status.INVALID_FRAME_RECEIVED, 0);
    }
    ByteBuffer in = ByteBuffer.wrap(packet);
    SstpHeader header = SstpHeader.of(in.getInt());
    if (!header.control() || header.length() != packet.length) {
      throw new MalformedPacketException(Status.INVALID_FRAME_RECEIVED, 0);
    }
    MessageType type = MessageType.of(in.getShort() & 0xFFFF);
    Map<Integer, byte[]> attributes = attributes(in);
    return switch (type) {
      case CALL_CONNECT_REQUEST -> connectRequest(attributes);
      case CALL_CONNECTED -> connected(attributes, packet);
      case CALL_ABORT -> only(attributes, new ClientMessage.Abort(), AttributeId.STATUS_INFO);
      case CALL_DISCONNECT ->
          only(attributes, new ClientMessage.Disconnect(), AttributeId.STATUS_INFO);
      case CALL_DISCONNECT_ACK -> only(attributes, new ClientMessage.DisconnectAck(), 0);
      case ECHO_REQUEST -> only(attributes, new ClientMessage.EchoRequest(), 0);
      case ECHO_RESPONSE -> only(attributes, new ClientMessage.EchoResponse(), 0);
      case CALL_CONNECT_ACK, CALL_CONNECT_NAK -> new ClientMessage.NotAClients();
    };
  }

  private static Map<Integer, byte[]> attributes(ByteBuffer in) throws MalformedPacketException {
    int count = in.getShort() & 0xFFFF;
    Map<Integer, byte[]> attributes = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      if (in.remaining() < AttributeId.HEADER) {
        throw new MalformedPacketException(Status.INVALID_FRAME_RECEIVED, 0);
      }
      int word = in.getInt();
      int id = word >>> 16 & 0xFF;
      int length = word & SstpHeader.LONGEST;
      if (length < AttributeId.HEADER || length - AttributeId.HEADER > in.remaining()) {
        throw new MalformedPacketException(Status.INVALID_ATTRIB_VALUE_LENGTH, id);
      }
      if (id < AttributeId.ENCAPSULATED_PROTOCOL || id > AttributeId.CRYPTO_BINDING_REQUEST) {
        throw new MalformedPacketException(Status.UNRECOGNIZED_ATTRIBUTE, id);
      }
      byte[] value = new byte[length - AttributeId.HEADER];
      in.get(value);
      if (attributes.put(id, value) != null && id != AttributeId.STATUS_INFO) {
        throw new MalformedPacketException(Status.DUPLICATE_ATTRIBUTE, id);
      }
    }
    if (in.hasRemaining()) {
      throw new MalformedPacketException(Status.INVALID_FRAME_RECEIVED, 0);
    }
    return attributes;
  }

  private static ClientMessage connectRequest(Map<Integer, byte[]> attributes)
      throws MalformedPacketException {
    byte[] value = required(attributes, AttributeId.ENCAPSULATED_PROTOCOL, 2);
    return new ClientMessage.ConnectRequest(ByteBuffer.wrap(value).getShort() & 0xFFFF);
  }

  private static ClientMessage connected(Map<Integer, byte[]> attributes, byte[] packet)
      throws MalformedPacketException {
    byte[] value = required(attributes, AttributeId.CRYPTO_BINDING, BINDING_BYTES);
    Optional<HashProtocol> hash = HashProtocol.of(value[3] & 0xFF);
    if (hash.isEmpty()) {
      throw new MalformedPacketException(Status.VALUE_NOT_SUPPORTED, AttributeId.CRYPTO_BINDING);
    }
    int size = hash.get().bytes();
    // The MAC is over the message in which it is zero itself.
    byte[] signed = Arrays.copyOf(packet, packet.length);
    Arrays.fill(signed, packet.length - 32, packet.length, (byte) 0);
    return new ClientMessage.Connected(
        new BindingClaim(
            hash.get(),
            Arrays.copyOfRange(value, 4, 36),
            Arrays.copyOfRange(value, 36, 36 + size),
            Arrays.copyOfRange(value, 68, 68 + size),
            signed));
  }

  private static byte[] required(Map<Integer, byte[]> attributes, int id, int bytes)
      throws MalformedPacketException {
    byte[] value = attributes.get(id);
    if (value == null) {
      throw new MalformedPacketException(Status.REQUIRED_ATTRIBUTE_MISSING, id);
    }
    if (value.length != bytes) {
      throw new MalformedPacketException(Status.INVALID_ATTRIB_VALUE_LENGTH, id);
    }
    only(attributes, null, id);
    return value;
  }

  private static ClientMessage only(
      Map<Integer, byte[]> attributes, ClientMessage message, int allowed)
      throws MalformedPacketException {
    for (int id : attributes.keySet()) {
      if (id != allowed) {
        throw new MalformedPacketException(
            id == AttributeId.STATUS_INFO
                ? Status.STATUS_INFO_NOT_SUPPORTED_IN_MSG
                : Status.ATTRIB_NOT_SUPPORTED_IN_MSG,
            id);
      }
    }
    return message;
  }
}
