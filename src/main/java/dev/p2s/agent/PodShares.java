package dev.p2s.agent;

import dev.p2s.agent.session.Session;
import dev.p2s.api.v1alpha1.TunnelType;
import dev.p2s.dataplane.AgentReport;
import dev.p2s.dataplane.AgentReportBuilder;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.SkuColumn;
import dev.p2s.dataplane.kernel.TunnelAddress;
import java.time.Clock;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

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

  /** Whether the pod may use an address, for whatever protocol. */
  boolean allow(TunnelAddress address) {
    return shares.values().stream().anyMatch(share -> share.allows(address));
  }

  /** Whether a pod of so many sessions has room for one more, but not with this address. */
  boolean wouldNeed(TunnelAddress address, SkuColumn column, int sessions) {
    return !allow(address) && sessions < of(column).holding().connections();
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

  /**
   * Puts into a report what the pod uses of each column.
   *
   * @param state what decides, empty before there is any
   */
  void tell(AgentReportBuilder report, Optional<GatewayState> state, Collection<Session> sessions) {
    PodShare share = of(SkuColumn.IKEV2_OPENVPN);
    report.held(share.held(sessions), share.wantsMore());
    report.lacks(shares.values().stream().flatMap(each -> each.lacks().stream()).toList());
    if (state.isPresent() && state.get().sstp() != null) {
      PodShare apart = of(SkuColumn.SSTP);
      report.sstp(new AgentReport.Use(apart.held(sessions), apart.wantsMore()));
    }
  }
}
