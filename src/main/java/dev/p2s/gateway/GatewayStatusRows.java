package dev.p2s.gateway;

import dev.p2s.api.v1alpha1.P2SGatewayStatus;
import dev.p2s.catalog.GatewaySku;

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

  /** The rows that are offered, in the seed's spelling: a cell after the other with a +. */
  static P2SGatewayStatus.Policies policies(ResolvedGateway gateway) {
    return new P2SGatewayStatus.Policies(
        gateway.openVpn() == null ? null : gateway.openVpn().tlsCipherSuites(),
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
}
