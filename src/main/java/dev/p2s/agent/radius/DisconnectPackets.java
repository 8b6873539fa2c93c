package dev.p2s.agent.radius;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.aaa4j.radius.core.attribute.Attribute;
import org.aaa4j.radius.core.attribute.EnumData;
import org.aaa4j.radius.core.attribute.attributes.ErrorCause;
import org.aaa4j.radius.core.attribute.attributes.MessageAuthenticator;
import org.aaa4j.radius.core.attribute.attributes.ProxyState;
import org.aaa4j.radius.core.dictionary.dictionaries.StandardDictionary;
import org.aaa4j.radius.core.packet.Packet;
import org.aaa4j.radius.core.packet.PacketCodec;
import org.aaa4j.radius.core.packet.PacketCodecException;

/**
 * The packets of dynamic authorization (RFC 5176). A request is signed as a whole by its
 * authenticator, as those of accounting are; where it has a Message-Authenticator too, that must
 * hold as well. Answers have both.
 */
final class DisconnectPackets {

  static final int DISCONNECT_REQUEST = 40;
  static final int DISCONNECT_ACK = 41;
  static final int DISCONNECT_NAK = 42;
  static final int COA_REQUEST = 43;
  static final int COA_NAK = 45;

  private static final int HEADER = 20;
  private static final int AUTHENTICATOR = 4;

  private final PacketCodec codec;

  DisconnectPackets(SecureRandom random) {
    this.codec = new PacketCodec(new StandardDictionary(), random::nextBytes);
  }

  /**
   * A request as it came.
   *
   * @param id and {@code authenticator} of it, which its answer is bound to
   */
  record Received(DisconnectRequest request, int id, byte[] authenticator) {}

  /** What a datagram asks for; empty where who shares the secret has not sent it so. */
  Optional<Received> read(byte[] datagram, byte[] secret) {
    if (datagram.length < HEADER
        || datagram.length > RadiusPackets.LONGEST
        || (datagram[0] != DISCONNECT_REQUEST && datagram[0] != COA_REQUEST)
        || length(datagram) < HEADER
        || length(datagram) > datagram.length) {
      return Optional.empty();
    }
    // what lies beyond the length is padding (RFC 2865, section 3)
    byte[] signed = Arrays.copyOf(datagram, length(datagram));
    byte[] authenticator = Arrays.copyOfRange(signed, AUTHENTICATOR, HEADER);
    Arrays.fill(signed, AUTHENTICATOR, HEADER, (byte) 0);
    if (!MessageDigest.isEqual(authenticator, md5(signed, secret))) {
      return Optional.empty();
    }
    try {
      // a Message-Authenticator is made over the zeros, too: the codec sees to it
      Packet packet = codec.decodeRequest(signed.clone(), secret);
      return Optional.of(
          new Received(new DisconnectRequest(packet), datagram[1] & 0xff, authenticator));
    } catch (PacketCodecException | RuntimeException e) {
      // the codec meets bytes here that a server may have got wrong
      return Optional.empty();
    }
  }

  /** The sessions have ended. */
  byte[] acknowledge(Received received, byte[] secret) {
    return write(DISCONNECT_ACK, List.of(), received, secret);
  }

  /** None has. */
  byte[] refuse(Received received, DisconnectRequest.Cause cause, byte[] secret) {
    int code = received.request().packet().getCode() == COA_REQUEST ? COA_NAK : DISCONNECT_NAK;
    return write(code, List.of(new ErrorCause(new EnumData(cause.number()))), received, secret);
  }

  private byte[] write(int code, List<Attribute<?>> more, Received received, byte[] secret) {
    List<Attribute<?>> attributes = new ArrayList<>();
    attributes.add(new MessageAuthenticator());
    attributes.addAll(more);
    attributes.addAll(received.request().packet().getAttributes(ProxyState.class));
    try {
      return codec.encodeResponse(
          new Packet(code, attributes), secret, received.id(), received.authenticator());
    } catch (PacketCodecException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int length(byte[] datagram) {
    return (datagram[2] & 0xff) << 8 | (datagram[3] & 0xff);
  }

  private static byte[] md5(byte[] signed, byte[] secret) {
    try {
      MessageDigest md5 = MessageDigest.getInstance("MD5");
      md5.update(signed);
      return md5.digest(secret);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
