package dev.p2s.agent;

import dev.p2s.agent.session.Session;
import dev.p2s.api.v1alpha1.TunnelType;
import dev.p2s.dataplane.AgentReport;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.SkuColumn;
import java.time.Clock;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;

/** This pod's share of each column of the SKU's connections. */
final class PodShares {

  private final Map<SkuColumn, PodShare> shares = new EnumMap<>(SkuColumn.class);

  /**
   * @param ordinal of the pod in its StatefulSet
   */
  PodShares(int ordinal, Clock clock) {
    for (SkuColumn column : SkuColumn.values()) {
      shares.put(column, new PodShare(column, ordinal, clock));
    }
  }

  /** The share that a protocol's connections count towards. */
  PodShare of(TunnelType protocol) {
    return of(SkuColumn.of(protocol));
  }

  PodShare of(SkuColumn column) {
    return shares.get(column);
  }

  void follow(GatewayState state) {
    shares.values().forEach(share -> share.follow(state));
  }

  /** From now on nobody new is let in where another pod can do it. */
  void leave() {
    shares.values().forEach(PodShare::leave);
  }

  /** Whether another pod may have room where this one has none. */
  boolean hasSiblings() {
    return shares.values().stream().anyMatch(PodShare::hasSiblings);
  }

  /** Whether another pod has a share, although it may take no clients yet. */
  boolean expectsSiblings() {
    return shares.values().stream().anyMatch(PodShare::expectsSiblings);
  }

  /** What the pod uses of SSTP's column; null where the state has none. */
  AgentReport.Use sstp(GatewayState state, Collection<Session> sessions) {
    PodShare share = of(SkuColumn.SSTP);
    return state.sstp() == null
        ? null
        : new AgentReport.Use(share.held(sessions), share.wantsMore());
  }
}
