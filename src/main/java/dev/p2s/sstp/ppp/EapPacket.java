package dev.p2s.sstp.ppp;

import java.util.Optional;

/** EAP's frame around whatever method (RFC 3748, 4); the method's words are passed on. */
public final class EapPacket implements LoginProtocol {

  /** Codes that a method needs. */
  public static final int REQUEST = 1;

  /** The type that asks who is there. */
  public static final int IDENTITY = 1;

  /** The id of the first request, which asks for the identity. */
  public static final int IDENTITY_QUESTION = 1;

  static final int RESPONSE = 2;

  private static final int SUCCESS = 3;
  private static final int FAILURE = 4;

  EapPacket() {}

  @Override
  public int number() {
    return PppProtocol.EAP;
  }

  @Override
  public Optional<ControlPacket> opening() {
    return Optional.of(new ControlPacket(REQUEST, IDENTITY_QUESTION, new byte[] {IDENTITY}));
  }

  @Override
  public Optional<Login.Eap> login(ControlPacket packet, int question) {
    return packet.code() == RESPONSE && packet.id() == question && packet.data().length > 0
        ? Optional.of(new Login.Eap(packet.id(), packet.data()))
        : Optional.empty();
  }

  @Override
  public ControlPacket welcome(int id, String proof) {
    return new ControlPacket(SUCCESS, id, new byte[0]);
  }

  @Override
  public ControlPacket refusal(int id, boolean lasting, String sentence) {
    return new ControlPacket(FAILURE, id, new byte[0]);
  }
}
