package dev.p2s.agent.radius;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.digests.MD4Digest;

/**
 * MSCHAPv2 (RFC 2759) with the gateway as both ends of the conversation: it has the password, makes
 * the challenges itself and asks the server to check the response (RFC 2548).
 *
 * @param authenticator the 16 bytes of the authenticator's challenge
 * @param peer the 16 bytes of the peer's challenge
 * @param response the 24 bytes of the NT-Response
 * @param expected what a server that knows the password says: {@code S=} and 40 hexadecimal digits
 */
record MsChapV2(byte[] authenticator, byte[] peer, byte[] response, String expected) {

  private static final int CHALLENGE_BYTES = 16;

  // RFC 2759, section 8.7
  private static final String MAGIC_1 = "Magic server to client signing constant";
  private static final String MAGIC_2 = "Pad to make it do more than one iteration";

  /** A conversation with new challenges. */
  static MsChapV2 of(String user, String password, SecureRandom random) {
    byte[] authenticator = new byte[CHALLENGE_BYTES];
    byte[] peer = new byte[CHALLENGE_BYTES];
    random.nextBytes(authenticator);
    random.nextBytes(peer);
    return of(user, password, authenticator, peer);
  }

  /** The conversation with these challenges. */
  static MsChapV2 of(String user, String password, byte[] authenticator, byte[] peer) {
    try {
      byte[] challenge = challengeHash(peer, authenticator, withoutDomain(user));
      byte[] hash = md4(password.getBytes(StandardCharsets.UTF_16LE));
      byte[] response = challengeResponse(challenge, hash);
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      sha1.update(md4(hash));
      sha1.update(response);
      byte[] digest = sha1.digest(MAGIC_1.getBytes(StandardCharsets.US_ASCII));
      sha1.update(digest);
      sha1.update(challenge);
      byte[] proof = sha1.digest(MAGIC_2.getBytes(StandardCharsets.US_ASCII));
      return new MsChapV2(
          authenticator.clone(),
          peer.clone(),
          response,
          "S=" + HexFormat.of().withUpperCase().formatHex(proof));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String toString() {
    return "MsChapV2";
  }

  // RFC 2759, section 4: the name "without the domain prefix"
  private static String withoutDomain(String user) {
    return user.substring(user.indexOf('\\') + 1);
  }

  private static byte[] challengeHash(byte[] peer, byte[] authenticator, String user)
      throws GeneralSecurityException {
    MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
    sha1.update(peer);
    sha1.update(authenticator);
    return Arrays.copyOf(sha1.digest(user.getBytes(StandardCharsets.UTF_8)), 8);
  }

  private static byte[] challengeResponse(byte[] challenge, byte[] hash)
      throws GeneralSecurityException {
    byte[] keys = Arrays.copyOf(hash, 21);
    byte[] response = new byte[24];
    for (int i = 0; i < 3; i++) {
      // what RFC 2759 names; the standard leaves no other choice
      Cipher des = Cipher.getInstance("DES/ECB/NoPadding");
      des.init(
          Cipher.ENCRYPT_MODE,
          new SecretKeySpec(spread(Arrays.copyOfRange(keys, i * 7, i * 7 + 7)), "DES"));
      System.arraycopy(des.doFinal(challenge), 0, response, i * 8, 8);
    }
    return response;
  }

  /** Seven bytes as the eight of a DES key, whose lowest bits count for nothing. */
  private static byte[] spread(byte[] seven) {
    long bits = 0;
    for (byte b : seven) {
      bits = bits << 8 | (b & 0xff);
    }
    byte[] eight = new byte[8];
    for (int i = 0; i < 8; i++) {
      eight[i] = (byte) (bits >> (49 - 7 * i) << 1);
    }
    return eight;
  }

  private static byte[] md4(byte[] bytes) {
    MD4Digest md4 = new MD4Digest();
    md4.update(bytes, 0, bytes.length);
    byte[] digest = new byte[16];
    md4.doFinal(digest, 0);
    return digest;
  }
}
