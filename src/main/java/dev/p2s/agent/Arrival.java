package dev.p2s.agent;

import dev.p2s.addressing.Cidr;
import dev.p2s.agent.session.Refusal;
import dev.p2s.agent.session.Session;
import dev.p2s.agent.session.Session.Seat;
import dev.p2s.dataplane.GatewayState;

/** A connection at one of the pod's servers that waits to be let in, whatever it speaks. */
interface Arrival {

  /** Where the server holds it. */
  Seat seat();

  /** Where it comes from, {@code address:port}. */
  String clientAddress();

  /** The name that it gives for itself, which nobody has verified; empty where it gives none. */
  default String claimedUser() {
    return "";
  }

  /**
   * Lets it in. Called once its grant is in force and its session is kept.
   *
   * @param state what it was admitted by
   * @param pool the pool that its address is of
   */
  void welcome(GatewayState state, Session session, Cidr pool);

  /** Sends it away with a sentence for the person. */
  void refuse(Refusal why);
}
