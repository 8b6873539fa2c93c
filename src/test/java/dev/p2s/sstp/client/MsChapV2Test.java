package dev.p2s.sstp.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/**
 * The vectors of RFC 2759, 9.2, and RFC 3079, 3.5.3: what the other tests measure with is right.
 */
class MsChapV2Test {

  private final MsChapV2 client =
      new MsChapV2(
          "User",
          "clientPass",
          hex("5B5D7C7D7B3F2F3E3C2C602132262628"),
          hex("21402324255E262A28295F2B3A337C7E"));

  @Test
  void givenTheRfcsUser_whenItAnswersTheChallenge_thenItIsTheRfcsAnswer() {
    assertThat(client.passwordHash()).isEqualTo(hex("44EBBA8D5312B8D611474411F56989AE"));
    assertThat(client.ntResponse())
        .isEqualTo(hex("82309ECD8D708B5EA08FAA3981CD83544233114A3D85D6DF"));
    assertThat(client.authenticatorResponse())
        .isEqualTo("S=407A5589115FD0D6209F510FE9C04566932CDA56");
  }

  @Test
  void givenTheRfcsUser_whenKeysAreDerived_thenTheyAreTheRfcs() {
    assertThat(client.masterKey()).isEqualTo(hex("FDECE3717A8C838CB388E527AE3CDD31"));
    assertThat(client.serverToClient()).isEqualTo(hex("8B7CDC149B993A1BA118CB153F56DCCB"));
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }
}
