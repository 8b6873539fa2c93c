package dev.p2s.sstp.ppp;

/** What happens to a link. */
public sealed interface PppEvent {

  /** A frame that carries no packet of the network. */
  record Received(PppFrame frame) implements PppEvent {}

  /** An EAP conversation goes on with this request. */
  record Continued(ControlPacket request) implements PppEvent {}

  /**
   * The policy point lets the client in.
   *
   * @param proof MSCHAPv2's {@code S=…}; empty for PAP
   */
  record Admitted(Lease lease, String proof) implements PppEvent {}

  /**
   * The policy point sends the client away.
   *
   * @param lasting whether its login was wrong, rather than the time
   * @param sentence for the person
   */
  record Refused(boolean lasting, String sentence) implements PppEvent {}

  /** The link shall end. */
  record HangUp(String why) implements PppEvent {}

  /** Time goes by. */
  record Tick() implements PppEvent {}
}
