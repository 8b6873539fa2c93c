package dev.p2s.agent.radius;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Keys are hidden per hop, as RFC 2548 says. */
class MppeKeysTest {

  private static final byte[] SECRET = "shared".getBytes(StandardCharsets.UTF_8);

  @Property
  void givenAKey_whenHiddenAndRevealed_thenItIsTheSame(
      @ForAll @Size(min = 1, max = 64) byte[] key,
      @ForAll @Size(16) byte[] authenticator,
      @ForAll @IntRange(max = 0x7fff) int salt) {
    byte[] hidden = MppeKeys.hide(key, SECRET, authenticator, salt);

    assertThat(hidden[0] & 0x80).as("the salt's first bit").isNotZero();
    assertThat((hidden.length - 2) % 16).isZero();
    assertThat(MppeKeys.reveal(hidden, SECRET, authenticator)).contains(key);
  }

  @Example
  void givenAKeyHiddenByHand_whenRevealed_thenItIsThatKey() throws Exception {
    // one block: MD5(secret, authenticator, salt) over length, key and a zero
    byte[] authenticator = HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f");
    byte[] salt = {(byte) 0x81, 0x23};
    var md5 = java.security.MessageDigest.getInstance("MD5");
    md5.update(SECRET);
    md5.update(authenticator);
    md5.update(salt);
    byte[] block = md5.digest();
    byte[] plain = new byte[16];
    plain[0] = 14;
    Arrays.fill(plain, 1, 15, (byte) 'k');
    byte[] hidden = Arrays.copyOf(salt, 18);
    for (int i = 0; i < 16; i++) {
      hidden[2 + i] = (byte) (block[i] ^ plain[i]);
    }

    assertThat(MppeKeys.reveal(hidden, SECRET, authenticator))
        .contains("k".repeat(14).getBytes(StandardCharsets.US_ASCII));
    assertThat(
            MppeKeys.hide(
                "k".repeat(14).getBytes(StandardCharsets.US_ASCII), SECRET, authenticator, 0x123))
        .isEqualTo(hidden);
  }

  @Property
  void givenAnyBytes_whenRevealed_thenNothingIsThrown(
      @ForAll @Size(max = 80) byte[] hidden, @ForAll @Size(16) byte[] authenticator) {
    assertThatCode(() -> MppeKeys.reveal(hidden, SECRET, authenticator)).doesNotThrowAnyException();
  }
}
