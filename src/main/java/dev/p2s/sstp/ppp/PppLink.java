package dev.p2s.sstp.ppp;

/**
 * Where a PPP link stands (RFC 1661, 3.2).
 *
 * @param lcp its link negotiation
 * @param ipcp its network negotiation; null before the client is admitted
 * @param lease what the client is given; null before it is admitted
 * @param question the id of the authentication packet that awaits an answer
 * @param answer the server's last authentication packet, for a client that missed it; or null
 * @param deadline when the stage has lasted too long or its packet is sent again, in milliseconds
 * @param tries how often that packet has been sent
 */
public record PppLink(
    Stage stage,
    Negotiation lcp,
    Negotiation ipcp,
    Lease lease,
    int question,
    ControlPacket answer,
    long deadline,
    int tries) {

  /** The RFC's phases; DECIDE is where the policy point is asked. */
  public enum Stage {
    ESTABLISH,
    AUTHENTICATE,
    DECIDE,
    NETWORK,
    OPEN,
    TERMINATE,
    DEAD
  }

  /** Whether packets may pass. */
  public boolean isOpen() {
    return stage == Stage.OPEN;
  }

  PppLink with(Negotiation newer) {
    return new PppLink(stage, newer, ipcp, lease, question, answer, deadline, tries);
  }

  PppLink withNetwork(Negotiation newer) {
    return new PppLink(stage, lcp, newer, lease, question, answer, deadline, tries);
  }

  PppLink at(Stage next, int newQuestion, long until, int sent) {
    return new PppLink(next, lcp, ipcp, lease, newQuestion, answer, until, sent);
  }

  PppLink asking(ControlPacket request, int newQuestion, long until) {
    return new PppLink(Stage.AUTHENTICATE, lcp, ipcp, lease, newQuestion, request, until, 1);
  }

  PppLink admitted(Lease given, ControlPacket said, Negotiation network) {
    return new PppLink(Stage.NETWORK, lcp, network, given, question, said, Long.MAX_VALUE, 0);
  }

  /** What an option of LCP was last asked as; null where it was not. */
  Option asked(int type) {
    return lcp.asked().stream().filter(option -> option.type() == type).findFirst().orElse(null);
  }
}
