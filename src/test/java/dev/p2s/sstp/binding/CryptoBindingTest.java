package dev.p2s.sstp.binding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Made with Python's hmac and hashlib from the words of [MS-SSTP] 3.2.5.2. */
class CryptoBindingTest {

  private static final byte[] CERTIFICATE =
      "certificate".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

  private final BindingRequest request =
      new BindingRequest(Set.of(HashProtocol.values()), filled(32, 7));
  private final CryptoBinding binding = new CryptoBinding(request, CERTIFICATE);
  private final HigherLayerKey key = HigherLayerKey.ofMppe(filled(16, 1), filled(16, 2));

  @Test
  void givenMppeKeys_whenTheyAreJoined_thenTheServersReceiveKeyComesFirst() {
    assertThat(key.bytes()).startsWith(filled(16, 1)).endsWith(filled(16, 2)).hasSize(32);
    assertThat(HigherLayerKey.ofMppe(filled(32, 1), filled(32, 2)).bytes())
        .isEqualTo(filled(32, 1));
    assertThat(key).hasToString("a higher-layer key");
  }

  @Test
  void givenARightClaim_whenItIsLookedAt_thenItIsProved() {
    assertThat(binding.isProved(sha256(), key)).isTrue();
    assertThat(binding.isProved(sha1(), key)).isTrue();
  }

  @Test
  void givenOneByteThatDiffers_whenAClaimIsLookedAt_thenItIsNotProved() {
    BindingClaim right = sha256();
    for (int i = 0; i < 32; i++) {
      assertThat(binding.isProved(with(right, turned(right.nonce(), i), null, null), key))
          .isFalse();
      assertThat(binding.isProved(with(right, null, turned(right.certificateHash(), i), null), key))
          .isFalse();
      assertThat(binding.isProved(with(right, null, null, turned(right.mac(), i)), key)).isFalse();
    }
    assertThat(binding.isProved(right, HigherLayerKey.NONE)).isFalse();
  }

  @Test
  void givenAHashThatWasNotOffered_whenAClaimIsMadeWithIt_thenItIsNotProved() {
    CryptoBinding strict =
        new CryptoBinding(
            new BindingRequest(Set.of(HashProtocol.SHA256), filled(32, 7)), CERTIFICATE);
    assertThat(strict.isProved(sha256(), key)).isTrue();
    assertThat(strict.isProved(sha1(), key)).isFalse();
  }

  private static BindingClaim sha256() {
    return new BindingClaim(
        HashProtocol.SHA256,
        filled(32, 7),
        hex("03d66dd08835c1ca3f128cceacd1f31ac94163096b20f445ae84285bc0832d72"),
        hex("face08ef0b8714d2c14c8300d04a2409721a12c3af143cfd7fbc90a85540f89d"),
        filled(112, 9));
  }

  private static BindingClaim sha1() {
    return new BindingClaim(
        HashProtocol.SHA1,
        filled(32, 7),
        hex("735ad571c189d7ba84464bf4a9f1d2280175b128"),
        hex("2a422b0f2bbbc6da6b377f5d59b8782c4a892746"),
        filled(112, 9));
  }

  private static BindingClaim with(BindingClaim claim, byte[] nonce, byte[] hash, byte[] mac) {
    return new BindingClaim(
        claim.hash(),
        nonce == null ? claim.nonce() : nonce,
        hash == null ? claim.certificateHash() : hash,
        mac == null ? claim.mac() : mac,
        claim.signed());
  }

  private static byte[] turned(byte[] bytes, int at) {
    byte[] other = bytes.clone();
    other[at] ^= 1;
    return other;
  }

  private static byte[] filled(int length, int value) {
    byte[] bytes = new byte[length];
    java.util.Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }
}
