package dev.p2s.sstp.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientMessageReaderTest {

  @Test
  void givenAConnectRequest_whenItIsRead_thenItWishesForItsProtocol() throws Exception {
    assertThat(ClientMessageReader.read(hex("1001000e0001000100010006 0001")))
        .isEqualTo(new ClientMessage.ConnectRequest(ClientMessage.ConnectRequest.PPP));
  }

  @ParameterizedTest
  @CsvSource({
    // another version; data; a length that is not the packet's; a message that there is not
    "2001000800080000, INVALID_FRAME_RECEIVED",
    "1000000800080000, INVALID_FRAME_RECEIVED",
    "1001000900080000, INVALID_FRAME_RECEIVED",
    "10010008000a0000, INVALID_FRAME_RECEIVED",
    "1001000800000000, INVALID_FRAME_RECEIVED",
    // more attributes than there are; something after them
    "1001000800080001, INVALID_FRAME_RECEIVED",
    "100100090008000000, INVALID_FRAME_RECEIVED",
    // an attribute longer than the packet, shorter than itself, unknown, twice, missing, too many
    "1001000e0001000100010007 0001, INVALID_ATTRIB_VALUE_LENGTH",
    "1001000e0001000100010003 0001, INVALID_ATTRIB_VALUE_LENGTH",
    "1001000f0001000100010007 000100, INVALID_ATTRIB_VALUE_LENGTH",
    "1001000e0001000100090006 0001, UNRECOGNIZED_ATTRIBUTE",
    "100100140001000200010006 000100010006 0001, DUPLICATE_ATTRIBUTE",
    "1001000800010000, REQUIRED_ATTRIBUTE_MISSING",
    "1001000800040000, REQUIRED_ATTRIBUTE_MISSING",
    "1001000e0008000100010006 0001, ATTRIB_NOT_SUPPORTED_IN_MSG",
    "100100140008000100020 00c0000000000000000, STATUS_INFO_NOT_SUPPORTED_IN_MSG",
  })
  void givenAMessageThatIsNotAllowed_whenItIsRead_thenItsStatusSaysWhy(String packet, Status why) {
    assertThatThrownBy(() -> ClientMessageReader.read(hex(packet)))
        .isInstanceOfSatisfying(
            MalformedPacketException.class, e -> assertThat(e.status()).isEqualTo(why));
  }

  @Property(tries = 20_000)
  void givenAnyBytes_whenTheyAreRead_thenTheyAreAMessageOrNone(@ForAll("packets") byte[] packet) {
    try {
      assertThat(ClientMessageReader.read(packet)).isNotNull();
    } catch (MalformedPacketException e) {
      assertThat(e.status()).isNotNull();
    }
  }

  @Provide
  Arbitrary<byte[]> packets() {
    Arbitrary<byte[]> any = Arbitraries.bytes().array(byte[].class).ofMaxSize(200);
    // most of them right in their first words, so that the rest is reached
    return any.map(
        bytes -> {
          if (bytes.length > 8 && bytes[0] % 4 != 0) {
            bytes[0] = 0x10;
            bytes[1] = 1;
            bytes[2] = 0;
            bytes[3] = (byte) bytes.length;
            bytes[4] = 0;
            bytes[5] = (byte) (bytes[5] & 15);
            bytes[6] = 0;
            bytes[7] = (byte) (bytes[7] & 3);
          }
          if (bytes.length > 16) {
            bytes[9] = (byte) (bytes[9] & 7);
            bytes[10] = 0;
            bytes[11] = (byte) (bytes.length - 8 - (bytes[11] & 1));
          }
          return bytes;
        });
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits.replace(" ", ""));
  }
}
