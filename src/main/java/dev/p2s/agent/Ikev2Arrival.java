package dev.p2s.agent;

import dev.p2s.addressing.Cidr;
import dev.p2s.agent.ikev2.Charon;
import dev.p2s.agent.session.Refusal;
import dev.p2s.agent.session.Session;
import dev.p2s.agent.session.Session.Seat;
import dev.p2s.dataplane.GatewayState;
import java.util.function.Consumer;

/**
 * A client that charon has a tunnel with and whose packets the kernel drops until it is let in.
 *
 * @param clientAddress where it comes from, {@code address:port}
 * @param established told of the session when it has begun
 */
record Ikev2Arrival(Seat seat, String clientAddress, Charon charon, Consumer<Session> established)
    implements Arrival {

  @Override
  public void welcome(GatewayState state, Session session, Cidr pool) {
    // charon has told it everything already
    established.accept(session);
  }

  /** IKEv2 knows no sentence for it: the connection is deleted. */
  @Override
  public void refuse(Refusal why) {
    charon.terminate(seat.client());
  }
}
