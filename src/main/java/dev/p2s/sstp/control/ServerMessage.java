package dev.p2s.sstp.control;

import dev.p2s.sstp.binding.BindingRequest;
import dev.p2s.sstp.binding.HashProtocol;
import java.nio.ByteBuffer;

/** What a server says on an SSTP connection, as whole packets ([MS-SSTP] 2.2.10–2.2.16). */
public final class ServerMessage {

  private ServerMessage() {}

  /** Takes the call and asks for the binding. */
  public static byte[] connectAck(BindingRequest request) {
    ByteBuffer out = message(MessageType.CALL_CONNECT_ACK, 1, 40);
    attribute(out, AttributeId.CRYPTO_BINDING_REQUEST, 40);
    int hashes = 0;
    for (HashProtocol hash : request.hashes()) {
      hashes |= hash.bit();
    }
    out.putInt(hashes);
    out.put(request.nonce());
    return out.array();
  }

  /** Does not take the call as it was wished for. */
  public static byte[] connectNak(Status status, int attribute) {
    return withStatus(MessageType.CALL_CONNECT_NAK, status, attribute);
  }

  /** Gives up. */
  public static byte[] abort(Status status, int attribute) {
    return withStatus(MessageType.CALL_ABORT, status, attribute);
  }

  /** Ends the call in order. */
  public static byte[] disconnect() {
    return withStatus(MessageType.CALL_DISCONNECT, Status.NO_ERROR, 0);
  }

  public static byte[] disconnectAck() {
    return message(MessageType.CALL_DISCONNECT_ACK, 0, 0).array();
  }

  public static byte[] echoRequest() {
    return message(MessageType.ECHO_REQUEST, 0, 0).array();
  }

  public static byte[] echoResponse() {
    return message(MessageType.ECHO_RESPONSE, 0, 0).array();
  }

  private static byte[] withStatus(MessageType type, Status status, int attribute) {
    ByteBuffer out = message(type, 1, 12);
    attribute(out, AttributeId.STATUS_INFO, 12);
    out.putInt(attribute);
    out.putInt(status.code());
    return out.array();
  }

  private static ByteBuffer message(MessageType type, int attributes, int bytes) {
    int length = SstpHeader.BYTES + 4 + bytes;
    ByteBuffer out = ByteBuffer.allocate(length);
    out.putInt(new SstpHeader(true, length).word());
    out.putShort((short) type.number());
    out.putShort((short) attributes);
    return out;
  }

  private static void attribute(ByteBuffer out, int id, int length) {
    out.putInt(id << 16 | length);
  }
}
