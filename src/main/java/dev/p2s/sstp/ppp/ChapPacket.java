package dev.p2s.sstp.ppp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * CHAP with MSCHAPv2's contents (RFC 1994, 4; RFC 2759, 3–6).
 *
 * @param challenge 16 random bytes, for this link only
 * @param name the server's
 */
record ChapPacket(byte[] challenge, String name) implements LoginProtocol {

  private static final int CHALLENGE = 1;
  private static final int RESPONSE = 2;
  private static final int SUCCESS = 3;
  private static final int FAILURE = 4;
  private static final int CHALLENGE_BYTES = 16;
  private static final int RESPONSE_BYTES = 49;

  // RFC 2759, 6: wrong name or password; no leave to dial in
  private static final int WRONG_LOGIN = 691;
  private static final int NO_LEAVE = 649;

  @Override
  public int number() {
    return PppProtocol.CHAP;
  }

  @Override
  public Optional<ControlPacket> opening() {
    byte[] tail = name.getBytes(StandardCharsets.UTF_8);
    byte[] data =
        ByteBuffer.allocate(1 + challenge.length + tail.length)
            .put((byte) challenge.length)
            .put(challenge)
            .put(tail)
            .array();
    return Optional.of(new ControlPacket(CHALLENGE, 1, data));
  }

  @Override
  public Optional<Login.MsChapV2> login(ControlPacket packet, int question) {
    return packet.code() == RESPONSE && packet.id() == question
        ? login(packet.data(), challenge)
        : Optional.empty();
  }

  /**
   * @param proof {@code S=} and 40 hexadecimal digits: the server knows the password too
   */
  @Override
  public ControlPacket welcome(int id, String proof) {
    return new ControlPacket(SUCCESS, id, (proof + " M=OK").getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public ControlPacket refusal(int id, boolean lasting, String sentence) {
    String text =
        "E="
            + (lasting ? WRONG_LOGIN : NO_LEAVE)
            + " R=0 C="
            + HexFormat.of().withUpperCase().formatHex(challenge)
            + " V=3 M="
            + sentence;
    return new ControlPacket(FAILURE, id, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Reads a response's data; empty where it is none. */
  static Optional<Login.MsChapV2> login(byte[] data, byte[] challenge) {
    if (data.length < 1 + RESPONSE_BYTES || data[0] != RESPONSE_BYTES) {
      return Optional.empty();
    }
    String user =
        new String(
            data,
            1 + RESPONSE_BYTES,
            Math.min(data.length - 1 - RESPONSE_BYTES, 255),
            StandardCharsets.UTF_8);
    return Optional.of(
        new Login.MsChapV2(
            user,
            challenge,
            Arrays.copyOfRange(data, 1, 1 + CHALLENGE_BYTES),
            // Eight reserved bytes lie between.
            Arrays.copyOfRange(data, 25, 49)));
  }
}
