package dev.p2s.sstp.ppp;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** PAP (RFC 1334, 2.2). */
final class PapPacket implements LoginProtocol {

  private static final int REQUEST = 1;
  private static final int ACK = 2;
  private static final int NAK = 3;

  @Override
  public int number() {
    return PppProtocol.PAP;
  }

  @Override
  public Optional<ControlPacket> opening() {
    return Optional.empty();
  }

  @Override
  public Optional<Login.Pap> login(ControlPacket packet, int question) {
    return packet.code() == REQUEST ? login(packet.data()) : Optional.empty();
  }

  @Override
  public ControlPacket welcome(int id, String proof) {
    return answer(ACK, id, "");
  }

  @Override
  public ControlPacket refusal(int id, boolean lasting, String sentence) {
    return answer(NAK, id, sentence);
  }

  /** Reads a request's data; empty where it is none. */
  static Optional<Login.Pap> login(byte[] data) {
    if (data.length < 2) {
      return Optional.empty();
    }
    int userEnd = 1 + (data[0] & 0xFF);
    if (userEnd >= data.length) {
      return Optional.empty();
    }
    int passwordEnd = userEnd + 1 + (data[userEnd] & 0xFF);
    if (passwordEnd > data.length) {
      return Optional.empty();
    }
    return Optional.of(
        new Login.Pap(
            new String(data, 1, userEnd - 1, StandardCharsets.UTF_8),
            new String(
                Arrays.copyOfRange(data, userEnd + 1, passwordEnd), StandardCharsets.UTF_8)));
  }

  private static ControlPacket answer(int code, int id, String sentence) {
    byte[] text = sentence.getBytes(StandardCharsets.UTF_8);
    byte[] data = new byte[1 + Math.min(text.length, 255)];
    data[0] = (byte) (data.length - 1);
    System.arraycopy(text, 0, data, 1, data.length - 1);
    return new ControlPacket(code, id, data);
  }
}
