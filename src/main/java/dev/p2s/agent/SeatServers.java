package dev.p2s.agent;

import dev.p2s.agent.session.Session.Seat;
import dev.p2s.api.v1alpha1.TunnelType;
import java.util.EnumMap;
import java.util.Map;

/** Each protocol's server. */
final class SeatServers implements Evictor {

  private final Map<TunnelType, Evictor> servers = new EnumMap<>(TunnelType.class);

  void put(TunnelType protocol, Evictor server) {
    servers.put(protocol, server);
  }

  @Override
  public void evict(Seat seat) {
    servers.get(seat.protocol()).evict(seat);
  }

  @Override
  public boolean redirects(Seat seat) {
    return servers.get(seat.protocol()).redirects(seat);
  }

  @Override
  public void dismiss(Seat seat) {
    servers.get(seat.protocol()).dismiss(seat);
  }

  @Override
  public boolean answers(Seat seat) {
    return servers.get(seat.protocol()).answers(seat);
  }
}
