package dev.p2s.agent.radius;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.aaa4j.radius.core.attribute.Attribute;
import org.aaa4j.radius.core.attribute.attributes.MessageAuthenticator;
import org.aaa4j.radius.core.dictionary.dictionaries.StandardDictionary;
import org.aaa4j.radius.core.packet.Packet;
import org.aaa4j.radius.core.packet.PacketCodec;
import org.aaa4j.radius.core.packet.PacketCodecException;

/**
 * Requests as they go over the wire, and the only answers that count: of the right identifier, with
 * the response authenticator of the request (RFC 2865) and a Message-Authenticator (RFC 3579). An
 * answer without one could have been forged by whoever sits between (CVE-2024-3596).
 */
final class RadiusPackets {

  /** Access-Request and the answers to it (RFC 2865). */
  static final int ACCESS_REQUEST = 1;

  static final int ACCESS_ACCEPT = 2;
  static final int ACCESS_REJECT = 3;
  static final int ACCOUNTING_REQUEST = 4;
  static final int ACCOUNTING_RESPONSE = 5;
  static final int ACCESS_CHALLENGE = 11;

  /** Status-Server (RFC 5997). */
  static final int STATUS_SERVER = 12;

  /** The longest packet (RFC 2865, section 3). */
  static final int LONGEST = 4096;

  private final StandardDictionary dictionary = new StandardDictionary();
  private final SecureRandom random;

  RadiusPackets(SecureRandom random) {
    this.random = random;
  }

  /**
   * A request on its way.
   *
   * @param bytes the datagram
   * @param id its identifier
   * @param authenticator its request authenticator, 16 bytes
   */
  record Sent(byte[] bytes, int id, byte[] authenticator) {}

  /**
   * A request with its Message-Authenticator as its first attribute.
   *
   * @throws IllegalArgumentException where an attribute is longer than RADIUS allows
   */
  Sent sign(int code, List<Attribute<?>> attributes, byte[] secret) {
    List<Attribute<?>> signed = new ArrayList<>();
    if (code != ACCOUNTING_REQUEST) {
      // an accounting request is signed as a whole by its authenticator (RFC 2866)
      signed.add(new MessageAuthenticator());
    }
    signed.addAll(attributes);
    byte[] authenticator = new byte[16];
    random.nextBytes(authenticator);
    int id = random.nextInt(256);
    try {
      byte[] bytes =
          new PacketCodec(dictionary, random::nextBytes, () -> id)
              .encodeRequest(new Packet(code, signed), secret, authenticator);
      return new Sent(bytes, id, authenticator);
    } catch (PacketCodecException e) {
      throw new IllegalArgumentException("cannot be said in RADIUS: " + e.getMessage(), e);
    }
  }

  /** What a datagram answers to a request; empty where it is no answer that counts. */
  Optional<Packet> answer(byte[] datagram, Sent request, byte[] secret) {
    if (datagram.length < 20 || (datagram[1] & 0xff) != request.id()) {
      return Optional.empty();
    }
    try {
      Packet packet =
          new PacketCodec(dictionary, random::nextBytes)
              .decodeResponse(datagram.clone(), secret, request.authenticator());
      return Optional.of(packet).filter(RadiusPackets::isSigned);
    } catch (PacketCodecException | RuntimeException e) {
      // the codec meets bytes of strangers here: whatever it cannot read is no answer
      return Optional.empty();
    }
  }

  static boolean isSigned(Packet packet) {
    return packet.getCode() == ACCOUNTING_RESPONSE
        || packet.getAttributes(MessageAuthenticator.class).stream()
                .filter(attribute -> attribute.getData().getValue().length == 16)
                .count()
            == 1;
  }
}
