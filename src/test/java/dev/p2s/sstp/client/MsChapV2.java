package dev.p2s.sstp.client;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.digests.MD4Digest;

/** MSCHAPv2 (RFC 2759, 8) and its MPPE keys (RFC 3079, 3) for whoever knows the password. */
public final class MsChapV2 {

  private final String user;
  private final byte[] passwordHash;
  private final byte[] challenge;
  private final byte[] peerChallenge;

  public MsChapV2(String user, String password, byte[] challenge, byte[] peerChallenge) {
    this.user = user;
    this.passwordHash = md4(password.getBytes(StandardCharsets.UTF_16LE));
    this.challenge = challenge.clone();
    this.peerChallenge = peerChallenge.clone();
  }

  /** 24 bytes. */
  public byte[] ntResponse() {
    byte[] response = new byte[24];
    byte[] keys = Arrays.copyOf(passwordHash, 21);
    for (int i = 0; i < 3; i++) {
      byte[] key = spread(Arrays.copyOfRange(keys, 7 * i, 7 * i + 7));
      try {
        Cipher des = Cipher.getInstance("DES/ECB/NoPadding");
        des.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "DES"));
        System.arraycopy(des.doFinal(challengeHash()), 0, response, 8 * i, 8);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }
    return response;
  }

  /** {@code S=} and 40 digits. */
  public String authenticatorResponse() {
    byte[] first =
        sha1(md4(passwordHash), ntResponse(), ascii("Magic server to client signing constant"));
    byte[] second =
        sha1(first, challengeHash(), ascii("Pad to make it do more than one iteration"));
    return "S=" + HexFormat.of().withUpperCase().formatHex(second);
  }

  /** What the client sends with and the server receives with; 16 bytes. */
  public byte[] clientToServer() {
    return startKey(
        "On the client side, this is the send key; on the server side, it is the receive key.");
  }

  /** What the server sends with; 16 bytes. */
  public byte[] serverToClient() {
    return startKey(
        "On the client side, this is the receive key; on the server side, it is the send key.");
  }

  byte[] passwordHash() {
    return passwordHash.clone();
  }

  byte[] masterKey() {
    return Arrays.copyOf(
        sha1(md4(passwordHash), ntResponse(), ascii("This is the MPPE Master Key")), 16);
  }

  private byte[] startKey(String direction) {
    byte[] second = new byte[40];
    Arrays.fill(second, (byte) 0xF2);
    return Arrays.copyOf(sha1(masterKey(), new byte[40], ascii(direction), second), 16);
  }

  private byte[] challengeHash() {
    return Arrays.copyOf(sha1(peerChallenge, challenge, user.getBytes(StandardCharsets.UTF_8)), 8);
  }

  private static byte[] spread(byte[] seven) {
    byte[] eight = new byte[8];
    for (int bit = 0; bit < 56; bit++) {
      if (((seven[bit / 8] >> (7 - bit % 8)) & 1) == 1) {
        eight[bit / 7] |= (byte) (1 << (7 - bit % 7));
      }
    }
    return eight;
  }

  private static byte[] md4(byte[] data) {
    MD4Digest digest = new MD4Digest();
    digest.update(data, 0, data.length);
    byte[] hash = new byte[16];
    digest.doFinal(hash, 0);
    return hash;
  }

  private static byte[] sha1(byte[]... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-1");
      for (byte[] part : parts) {
        digest.update(part);
      }
      return digest.digest();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
