package dev.p2s.gateway;

import dev.p2s.addressing.Cidr;
import dev.p2s.dataplane.AgentReport;
import dev.p2s.dataplane.SkuColumn;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * How much of a gateway is used at a moment.
 *
 * @param connections over all pods
 * @param addresses the clients' addresses inside
 */
record GatewayUse(Connections connections, List<String> addresses) {

  // the network's, the broadcast's and the gateway's own
  private static final long NOT_FOR_CLIENTS = 3;

  GatewayUse {
    addresses = addresses.stream().sorted().toList();
  }

  /**
   * @param columns where the gateway's connections count
   */
  static GatewayUse of(Collection<AgentReport> reports, Set<SkuColumn> columns) {
    List<String> addresses =
        reports.stream()
            .flatMap(report -> report.sessions().stream())
            .map(AgentReport.Session::tunnelAddress)
            .toList();
    return new GatewayUse(Connections.of(reports, columns), addresses);
  }

  /** How many clients have their address from a pool. */
  long addresses(Cidr pool) {
    return addresses.stream().map(Cidr::numeric).filter(pool::contains).count();
  }

  /** How many clients have room in a pool. */
  static long clients(Cidr pool) {
    return pool.size().longValueExact() - NOT_FOR_CLIENTS;
  }
}
