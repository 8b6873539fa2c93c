package dev.p2s.agent;

import dev.p2s.agent.openvpn.ManagementCommands;
import dev.p2s.agent.openvpn.ServerFleet;
import dev.p2s.agent.session.Session.Seat;

/** Lets clients of openvpn processes go. */
record OpenVpnEvictor(ServerFleet fleet) implements Evictor {

  @Override
  public void evict(Seat seat) {
    fleet.send(seat.slot(), ManagementCommands.restart(seat.client()));
  }

  @Override
  public void dismiss(Seat seat) {
    fleet.send(seat.slot(), ManagementCommands.halt(seat.client()));
  }

  @Override
  public boolean answers(Seat seat) {
    return fleet.daemon(seat.slot()).isPresent();
  }
}
