package dev.p2s.agent;

import dev.p2s.addressing.Cidr;
import dev.p2s.agent.session.AddressPools;
import dev.p2s.agent.session.Refusal;
import dev.p2s.agent.session.Session;
import dev.p2s.agent.session.Session.Seat;
import dev.p2s.agent.sstp.EndpointSettings;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.sstp.EndpointCommand;
import java.util.function.Consumer;

/**
 * A caller of the SSTP endpoint that waits to be let in.
 *
 * @param clientAddress where it comes from, {@code address:port}
 * @param claimedUser the name that it gives for itself
 * @param proof MSCHAPv2's {@code S=…}; empty for other methods
 * @param key 32 bytes for the crypto binding; empty where the endpoint knows or there is none
 * @param endpoint is told
 */
record SstpArrival(
    Seat seat,
    String clientAddress,
    String claimedUser,
    String proof,
    byte[] key,
    Consumer<EndpointCommand> endpoint)
    implements Arrival {

  static final byte[] NO_KEY = new byte[0];

  @Override
  public void welcome(GatewayState state, Session session, Cidr pool) {
    endpoint.accept(
        new EndpointCommand.Welcome(
            seat.client(),
            session.address(),
            AddressPools.gatewayOf(pool),
            EndpointSettings.resolvers(state),
            proof,
            key));
  }

  @Override
  public void refuse(Refusal why) {
    endpoint.accept(
        new EndpointCommand.Refuse(seat.client(), why.reason().lasting(), why.sentence()));
  }
}
