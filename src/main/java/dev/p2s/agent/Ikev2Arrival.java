package dev.p2s.agent;

import dev.p2s.addressing.Cidr;
import dev.p2s.agent.ikev2.Charon;
import dev.p2s.agent.session.Refusal;
import dev.p2s.agent.session.Session;
import dev.p2s.agent.session.Session.Seat;
import dev.p2s.dataplane.GatewayState;
import java.util.List;
import java.util.function.Consumer;

/**
 * A client that charon has a tunnel with and whose packets the kernel drops until it is let in.
 *
 * @param clientAddress where it comes from, {@code address:port}
 * @param elsewhere where it reaches other replicas, each at an address of its own
 * @param established told of the session when it has begun
 */
record Ikev2Arrival(
    Seat seat,
    String clientAddress,
    Charon charon,
    List<String> elsewhere,
    Consumer<Session> established)
    implements Arrival {

  /** One of several addresses, so that clients who are sent away spread over them. */
  static String choose(Seat seat, List<String> addresses) {
    return addresses.get((int) (seat.client() % addresses.size()));
  }

  @Override
  public void welcome(GatewayState state, Session session, Cidr pool) {
    // charon has told it everything already
    established.accept(session);
  }

  /**
   * IKEv2 knows no sentence for it: the connection is deleted, or goes to a replica that may have
   * room; one that does not go is deleted soon, since it has no session.
   */
  @Override
  public void refuse(Refusal why) {
    if (why.reason() == Refusal.Reason.REPLICA_FULL && !elsewhere.isEmpty()) {
      charon.redirect(seat.client(), choose(seat, elsewhere));
    } else {
      charon.terminate(seat.client());
    }
  }
}
