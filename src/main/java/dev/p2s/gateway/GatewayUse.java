package dev.p2s.gateway;

import dev.p2s.addressing.Cidr;
import dev.p2s.dataplane.AgentReport;
import java.util.Collection;
import java.util.List;

/**
 * How much of a gateway is used at a moment.
 *
 * @param connections over all pods
 * @param addresses the clients' addresses inside
 */
record GatewayUse(int connections, List<String> addresses) {

  // the network's, the broadcast's and the gateway's own
  private static final long NOT_FOR_CLIENTS = 3;

  GatewayUse {
    addresses = addresses.stream().sorted().toList();
  }

  static GatewayUse of(Collection<AgentReport> reports) {
    List<String> addresses =
        reports.stream()
            .flatMap(report -> report.sessions().stream())
            .map(AgentReport.Session::tunnelAddress)
            .toList();
    return new GatewayUse(addresses.size(), addresses);
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
