package dev.p2s.agent.radius;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.aaa4j.radius.core.attribute.Attribute;
import org.aaa4j.radius.core.attribute.attributes.MessageAuthenticator;
import org.aaa4j.radius.core.dictionary.dictionaries.StandardDictionary;
import org.aaa4j.radius.core.packet.Packet;
import org.aaa4j.radius.core.packet.PacketCodec;

/** Requests for the end of sessions, signed as RFC 5176 says. */
final class TestDisconnects {

  private static final PacketCodec CODEC = new PacketCodec(new StandardDictionary());

  private TestDisconnects() {}

  /**
   * @param twice whether it has a Message-Authenticator too
   */
  static byte[] request(int code, byte[] secret, boolean twice, Attribute<?>... attributes)
      throws Exception {
    List<Attribute<?>> all = new ArrayList<>();
    if (twice) {
      all.add(new MessageAuthenticator());
    }
    all.addAll(List.of(attributes));
    byte[] bytes = CODEC.encodeRequest(new Packet(code, all), secret, new byte[16]);
    sign(bytes, secret);
    return bytes;
  }

  static void sign(byte[] bytes, byte[] secret) throws Exception {
    Arrays.fill(bytes, 4, 20, (byte) 0);
    MessageDigest md5 = MessageDigest.getInstance("MD5");
    md5.update(bytes);
    System.arraycopy(md5.digest(secret), 0, bytes, 4, 16);
  }
}
