package dev.p2s.gateway;

import dev.p2s.addressing.Cidr;
import dev.p2s.addressing.Fqdn;
import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.api.v1alpha1.P2SGatewaySpec.Exposure;
import dev.p2s.api.v1alpha1.TunnelType;
import dev.p2s.catalog.GatewaySku;
import dev.p2s.catalog.IkePolicy;
import dev.p2s.catalog.IpsecPolicy;
import dev.p2s.dataplane.GatewayState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Accepted gateways for tests of what is planned from them. */
final class Gateways {

  private Gateways() {}

  static ResolvedGateway office(Exposure.Type exposure) {
    return office(exposure, Set.of(TunnelType.OpenVPN), null);
  }

  static ResolvedGateway officeWithIkev2(Exposure.Type exposure) {
    return office(
        exposure,
        Set.of(TunnelType.OpenVPN, TunnelType.IKEv2),
        new GatewayState.Ikev2(IkePolicy.all(), IpsecPolicy.all(), 27_000, 33_553_408));
  }

  /** The same gateway, with traffic that leaves with clients' own addresses. */
  static ResolvedGateway routed(ResolvedGateway gateway) {
    return new ResolvedGateway(
        gateway.namespace(),
        gateway.name(),
        gateway.uid(),
        gateway.generation(),
        gateway.sku(),
        gateway.tunnelTypes(),
        gateway.authenticationTypes(),
        gateway.clientAddressPools(),
        gateway.routes(),
        gateway.forced(),
        false,
        gateway.dns(),
        gateway.fqdn(),
        gateway.exposure(),
        gateway.revocations(),
        gateway.blockedUsers(),
        gateway.tokenIssuer(),
        gateway.openVpn(),
        gateway.ikev2(),
        gateway.groups(),
        gateway.radius(),
        gateway.scaling(),
        gateway.shaped(),
        gateway.rolling(),
        gateway.sessions(),
        gateway.tlsAuthSecret(),
        gateway.suppliedCertificate());
  }

  private static ResolvedGateway office(
      Exposure.Type exposure, Set<TunnelType> tunnels, GatewayState.Ikev2 ikev2) {
    return new ResolvedGateway(
        "vpn",
        "office",
        "11111111-2222-3333-4444-555555555555",
        7,
        GatewaySku.named("VpnGw1AZ").getFirst(),
        tunnels,
        Set.of(AuthenticationType.Certificate),
        List.of(Cidr.parse("172.31.200.0/24")),
        List.of(Cidr.parse("10.96.0.0/16"), Cidr.parse("10.244.0.0/16")),
        false,
        true,
        new GatewayState.Dns(List.of("10.96.0.10"), List.of(new Fqdn("cluster.local"))),
        Optional.empty(),
        new ResolvedGateway.Access(exposure, Optional.empty(), Optional.empty()),
        List.of(),
        List.of(),
        null,
        new GatewayState.OpenVpn(2, "1.2", List.of(), List.of("AES-256-GCM"), 5, 15, 1400),
        ikev2,
        List.of(),
        null,
        new GatewayScaling(1, Optional.empty(), Duration.ofMinutes(5)),
        false,
        false,
        new GatewaySessions(Optional.empty(), Optional.empty(), false),
        "office-tls-auth",
        null);
  }
}
