package dev.p2s.sstp.ppp;

import java.util.Optional;

/** One way to authenticate, as packets. */
interface LoginProtocol {

  /** PPP's number of it. */
  int number();

  /** What the server begins with; empty where the client does. */
  Optional<ControlPacket> opening();

  /**
   * What a client's packet shows; empty where it is none or answers another question.
   *
   * @param question the id of the server's last packet
   */
  Optional<? extends Login> login(ControlPacket packet, int question);

  /**
   * @param proof what the policy point gave to prove itself with; may be empty
   */
  ControlPacket welcome(int id, String proof);

  /**
   * @param lasting whether the login was wrong, rather than the time
   */
  ControlPacket refusal(int id, boolean lasting, String sentence);
}
