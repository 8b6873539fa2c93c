package dev.p2s.gateway;

import dev.p2s.api.v1alpha1.P2SGatewayStatus;
import dev.p2s.catalog.GatewaySku;
import java.util.List;

/** The seed's rows that a gateway runs by, as its status shows them. */
final class GatewayStatusRows {

  private GatewayStatusRows() {}

  /** The row of the SKU table. */
  static P2SGatewayStatus.SkuRow sku(GatewaySku sku) {
    return new P2SGatewayStatus.SkuRow(
        sku.generation(),
        sku.name(),
        sku.maxSstpConnections(),
        sku.maxConnections(),
        sku.aggregateThroughputMbps(),
        sku.zoneRedundant());
  }

  /** The pools and how much of each is used. */
  static List<P2SGatewayStatus.PoolUse> pools(ResolvedGateway gateway, GatewayUse use) {
    return gateway.clientAddressPools().stream()
        .map(
            pool ->
                pool.isIpv4()
                    ? new P2SGatewayStatus.PoolUse(
                        pool.toString(), use.addresses(pool), GatewayUse.clients(pool))
                    // it has an address for each of the others'
                    : new P2SGatewayStatus.PoolUse(pool.toString(), null, null))
        .toList();
  }

  /** The rows that are offered, in the seed's spelling: a cell after the other with a +. */
  static P2SGatewayStatus.Policies policies(ResolvedGateway gateway) {
    return new P2SGatewayStatus.Policies(
        tls(gateway),
        gateway.ikev2() == null
            ? null
            : gateway.ikev2().ikePolicies().stream()
                .map(p -> String.join("+", p.cipher(), p.integrity(), p.prf(), p.dhGroup()))
                .toList(),
        gateway.ikev2() == null
            ? null
            : gateway.ikev2().ipsecPolicies().stream()
                .map(p -> String.join("+", p.cipher(), p.integrity(), p.pfsGroup()))
                .toList());
  }

  private static List<String> tls(ResolvedGateway gateway) {
    if (gateway.sstp() != null) {
      return gateway.sstp().tlsCipherSuites();
    }
    return gateway.openVpn() == null ? null : gateway.openVpn().tlsCipherSuites();
  }
}
