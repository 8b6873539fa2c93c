package dev.p2s.agent;

import dev.p2s.addressing.Cidr;
import dev.p2s.agent.session.Refusal;
import dev.p2s.agent.session.Session;
import dev.p2s.agent.session.Session.Seat;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.kernel.TunnelAddress;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A client in the middle of IKEv2's handshake whom a RADIUS server has vouched for, or has not:
 * charon waits for the verdict.
 *
 * @param clientAddress where it comes from, {@code address:port}
 * @param claimedUser the name that it gave, empty where a server has verified another
 * @param verdict told once: its address, or nothing where it is refused
 */
record EapArrival(
    Seat seat, String clientAddress, String claimedUser, Consumer<Optional<TunnelAddress>> verdict)
    implements Arrival {

  @Override
  public void welcome(GatewayState state, Session session, Cidr pool) {
    verdict.accept(Optional.of(session.address()));
  }

  /** IKEv2 knows no sentence for it: the handshake ends with AUTHENTICATION_FAILED. */
  @Override
  public void refuse(Refusal why) {
    verdict.accept(Optional.empty());
  }
}
