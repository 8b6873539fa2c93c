package dev.p2s.agent.radius;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The vectors of RFC 2759, section 9.2. */
class MsChapV2Test {

  private static final byte[] AUTHENTICATOR = hex("5B5D7C7D7B3F2F3E3C2C602132262628");
  private static final byte[] PEER = hex("21402324255E262A28295F2B3A337C7E");

  @ParameterizedTest
  @ValueSource(strings = {"User", "BIGCORP\\User"})
  void givenTheVectorsOfTheStandard_whenAnswered_thenTheResponseIsTheirs(String user) {
    MsChapV2 conversation = MsChapV2.of(user, "clientPass", AUTHENTICATOR, PEER);

    assertThat(conversation.response())
        .isEqualTo(hex("82309ECD8D708B5EA08FAA3981CD83544233114A3D85D6DF"));
    assertThat(conversation.expected()).isEqualTo("S=407A5589115FD0D6209F510FE9C04566932CDA56");
  }

  @Test
  void givenAnotherPassword_whenAnswered_thenNothingOfItIsTheSame() {
    MsChapV2 conversation = MsChapV2.of("User", "clientpass", AUTHENTICATOR, PEER);

    assertThat(conversation.response())
        .isNotEqualTo(hex("82309ECD8D708B5EA08FAA3981CD83544233114A3D85D6DF"));
    assertThat(conversation.toString()).doesNotContain("S=");
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }
}
