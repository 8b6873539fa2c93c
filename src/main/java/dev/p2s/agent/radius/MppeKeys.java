package dev.p2s.agent.radius;

import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;

/**
 * The keys of a login as RADIUS carries them (MS-MPPE-Send-Key and MS-MPPE-Recv-Key, RFC 2548,
 * section 2.4): hidden with what one hop shares and what it has asked, so that each hop reveals
 * them and hides them anew for the one before.
 */
final class MppeKeys {

  /** Microsoft's attributes. */
  static final int SEND = 16;

  static final int RECEIVE = 17;

  private static final int SALT = 2;
  private static final int BLOCK = 16;

  private MppeKeys() {}

  /**
   * The key of a type that a server's answer bears; empty where it bears none.
   *
   * @param type {@link #SEND} or {@link #RECEIVE}
   */
  static Optional<byte[]> of(RadiusServers.Reply.Answer answer, RadiusServer server, int type) {
    return LoginAnswer.microsoft(answer.packet(), type)
        .findFirst()
        .flatMap(hidden -> reveal(hidden, server.secret(), answer.authenticator()));
  }

  /**
   * @param hidden the attribute's value
   * @param authenticator of the request that it answers
   */
  static Optional<byte[]> reveal(byte[] hidden, byte[] secret, byte[] authenticator) {
    if (hidden.length < SALT + BLOCK || (hidden.length - SALT) % BLOCK != 0) {
      return Optional.empty();
    }
    byte[] salt = Arrays.copyOf(hidden, SALT);
    byte[] plain = new byte[hidden.length - SALT];
    byte[] mask = mask(secret, authenticator, salt);
    for (int at = 0; at < plain.length; at += BLOCK) {
      byte[] block = Arrays.copyOfRange(hidden, SALT + at, SALT + at + BLOCK);
      xor(block, mask, plain, at);
      mask = mask(secret, block);
    }
    int length = plain[0] & 0xff;
    return length < plain.length
        ? Optional.of(Arrays.copyOfRange(plain, 1, 1 + length))
        : Optional.empty();
  }

  /**
   * @param authenticator of the request that it shall answer
   * @param salt 15 bits that no other key of the same packet has
   */
  static byte[] hide(byte[] key, byte[] secret, byte[] authenticator, int salt) {
    byte[] plain = new byte[(1 + key.length + BLOCK - 1) / BLOCK * BLOCK];
    plain[0] = (byte) key.length;
    System.arraycopy(key, 0, plain, 1, key.length);
    byte[] salted = {(byte) (0x80 | (salt >> 8)), (byte) salt};
    ByteArrayOutputStream hidden = new ByteArrayOutputStream();
    hidden.writeBytes(salted);
    byte[] mask = mask(secret, authenticator, salted);
    for (int at = 0; at < plain.length; at += BLOCK) {
      byte[] block = new byte[BLOCK];
      xor(Arrays.copyOfRange(plain, at, at + BLOCK), mask, block, 0);
      hidden.writeBytes(block);
      mask = mask(secret, block);
    }
    return hidden.toByteArray();
  }

  private static void xor(byte[] block, byte[] mask, byte[] into, int at) {
    for (int i = 0; i < BLOCK; i++) {
      into[at + i] = (byte) (block[i] ^ mask[i]);
    }
  }

  private static byte[] mask(byte[]... parts) {
    try {
      MessageDigest md5 = MessageDigest.getInstance("MD5");
      for (byte[] part : parts) {
        md5.update(part);
      }
      return md5.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
