package dev.p2s.agent.radius;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.aaa4j.radius.core.attribute.Attribute;
import org.aaa4j.radius.core.attribute.IntegerData;
import org.aaa4j.radius.core.attribute.TextData;
import org.aaa4j.radius.core.attribute.attributes.MessageAuthenticator;
import org.aaa4j.radius.core.attribute.attributes.NasIdentifier;
import org.aaa4j.radius.core.attribute.attributes.SessionTimeout;
import org.aaa4j.radius.core.dictionary.dictionaries.StandardDictionary;
import org.aaa4j.radius.core.packet.Packet;
import org.aaa4j.radius.core.packet.PacketCodec;
import org.aaa4j.radius.core.packet.PacketCodecException;

/** Only what the server has signed for this very request is an answer. */
class RadiusPacketsTest {

  private static final byte[] SECRET = "s3cr3t".getBytes(StandardCharsets.UTF_8);

  private final RadiusPackets packets = new RadiusPackets(new SecureRandom());
  private final RadiusPackets.Sent request =
      packets.sign(
          RadiusPackets.ACCESS_REQUEST, List.of(new NasIdentifier(new TextData("gw"))), SECRET);

  @Example
  void givenASignedAnswer_whenRead_thenItCounts() {
    assertThat(packets.answer(accept(true, SECRET, request.id()), request, SECRET))
        .get()
        .extracting(Packet::getCode)
        .isEqualTo(RadiusPackets.ACCESS_ACCEPT);
  }

  @Example
  void givenNoMessageAuthenticator_whenRead_thenItDoesNot() {
    assertThat(packets.answer(accept(false, SECRET, request.id()), request, SECRET)).isEmpty();
  }

  @Example
  void givenAnotherSecretOrRequest_whenRead_thenItDoesNot() {
    byte[] other = "other".getBytes(StandardCharsets.UTF_8);
    int another = (request.id() + 1) % 256;
    assertThat(packets.answer(accept(true, other, request.id()), request, SECRET)).isEmpty();
    assertThat(packets.answer(accept(true, SECRET, another), request, SECRET)).isEmpty();
  }

  @Property
  void givenAnyByteChanged_whenRead_thenItDoesNot(
      @ForAll @IntRange(max = 43) int place, @ForAll @IntRange(min = 1, max = 255) int change) {
    byte[] answer = accept(true, SECRET, request.id());
    assertThat(answer).hasSize(44);
    answer[place] ^= (byte) change;
    assertThat(packets.answer(answer, request, SECRET)).isEmpty();
  }

  @Property
  void givenAnyBytes_whenRead_thenNothingIsThrown(@ForAll @Size(max = 200) byte[] bytes) {
    if (bytes.length > 1) {
      bytes[1] = (byte) request.id();
    }
    assertThatCode(() -> packets.answer(bytes, request, SECRET)).doesNotThrowAnyException();
    assertThat(packets.answer(bytes, request, SECRET)).isEmpty();
  }

  private byte[] accept(boolean signed, byte[] secret, int id) {
    List<Attribute<?>> attributes = new ArrayList<>();
    if (signed) {
      attributes.add(new MessageAuthenticator());
    }
    attributes.add(new SessionTimeout(new IntegerData(60)));
    try {
      return new PacketCodec(new StandardDictionary())
          .encodeResponse(
              new Packet(RadiusPackets.ACCESS_ACCEPT, attributes),
              secret,
              id,
              request.authenticator());
    } catch (PacketCodecException e) {
      throw new IllegalStateException(e);
    }
  }
}
