package dev.p2s.agent.ikev2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.p2s.dataplane.ikev2.ViciSection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ViciCodecTest {

  @Test
  void givenEveryKindOfElement_whenEncoded_thenTheOctetsAreTheProtocols() {
    ViciSection message =
        ViciSection.of()
            .put("a", "1")
            .put("s", ViciSection.of().put("l", List.of("x", "yz")).build())
            .build();

    assertThat(ViciCodec.encode(message))
        .containsExactly(
            3, 1, 'a', 0, 1, '1', 1, 1, 's', 4, 1, 'l', 5, 0, 1, 'x', 5, 0, 2, 'y', 'z', 6, 2);
  }

  @Property
  void anySection_encodedAndDecoded_isTheSame(@ForAll("sections") ViciSection section)
      throws IOException {
    assertThat(ViciCodec.decode(ByteBuffer.wrap(ViciCodec.encode(section)))).isEqualTo(section);
  }

  @Property
  void anyOctets_areAMessageOrRefused(@ForAll @Size(max = 400) byte[] octets) {
    try {
      assertThat(ViciCodec.decode(ByteBuffer.wrap(octets))).isNotNull();
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("vici");
    }
  }

  @Property
  void anyMessageCutShort_isAMessageOrRefused(
      @ForAll("sections") ViciSection section, @ForAll("shares") double share) {
    byte[] whole = ViciCodec.encode(section);
    try {
      ViciCodec.decode(ByteBuffer.wrap(whole, 0, (int) (whole.length * share)));
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("vici");
    }
  }

  @Test
  void givenSectionsWithoutEnd_whenDecoded_thenTheyAreRefusedBeforeTheStackIs() {
    byte[] deep = new byte[300_000];
    for (int i = 0; i < deep.length; i += 3) {
      deep[i] = 1;
      deep[i + 1] = 1;
      deep[i + 2] = 's';
    }

    assertThatThrownBy(() -> ViciCodec.decode(ByteBuffer.wrap(deep)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("deeper than 16");
  }

  @Test
  void givenOctetsThatAreNoText_whenDecoded_thenNoneIsLost() throws IOException {
    byte[] octets = {3, 1, 'd', 0, 4, 0, (byte) 0x80, (byte) 0xff, 10};

    ViciSection section = ViciCodec.decode(ByteBuffer.wrap(octets));

    assertThat(section.octets("d").orElseThrow()).containsExactly(0, 0x80, 0xff, 10);
  }

  @Test
  void givenUtf8_whenPutAndRead_thenItIsTheSameText() throws IOException {
    ViciSection section = ViciSection.of().put("id", "CN=Zoë").build();

    ViciSection back = ViciCodec.decode(ByteBuffer.wrap(ViciCodec.encode(section)));

    assertThat(back.text("id")).contains("CN=Zoë");
    assertThat(back.octets("id").orElseThrow())
        .isEqualTo("CN=Zoë".getBytes(StandardCharsets.UTF_8));
  }

  @Provide
  Arbitrary<Double> shares() {
    return Arbitraries.doubles().between(0, 1);
  }

  @Provide
  Arbitrary<ViciSection> sections() {
    return section(3);
  }

  private static Arbitrary<ViciSection> section(int depth) {
    Arbitrary<String> names = Arbitraries.strings().alpha().ofMaxLength(20);
    Arbitrary<String> values = Arbitraries.strings().ofMaxLength(50);
    Arbitrary<ViciSection> flat =
        Arbitraries.maps(names, values)
            .ofMaxSize(4)
            .map(
                map -> {
                  ViciSection.Builder builder = ViciSection.of();
                  map.forEach(builder::put);
                  return builder.build();
                });
    if (depth == 0) {
      return flat;
    }
    Arbitrary<List<String>> lists = values.list().ofMaxSize(4);
    return Arbitraries.maps(names, section(depth - 1))
        .ofMaxSize(3)
        .flatMap(
            inner ->
                lists.map(
                    items -> {
                      ViciSection.Builder builder = ViciSection.of();
                      inner.forEach(builder::put);
                      return builder.put("items", items).build();
                    }));
  }
}
