package dev.p2s.gateway;

import dev.p2s.addressing.Cidr;
import dev.p2s.addressing.Fqdn;
import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.api.v1alpha1.P2SGatewaySpec.Exposure;
import dev.p2s.api.v1alpha1.RadiusSpec;
import dev.p2s.api.v1alpha1.TunnelType;
import dev.p2s.catalog.GatewaySku;
import dev.p2s.catalog.IkePolicy;
import dev.p2s.catalog.IpsecPolicy;
import dev.p2s.dataplane.ConfiguredRadiusServer;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.SstpSettings;
import dev.p2s.dataplane.sstp.EndpointCommand;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Accepted gateways for tests of what is planned from them. */
final class Gateways {

  private Gateways() {}

  static ResolvedGateway office(Exposure.Type exposure) {
    return office(
        exposure, Exposure.Balancing.Connection, Set.of(TunnelType.OpenVPN), null, null, null);
  }

  static ResolvedGateway officeWithIkev2(Exposure.Type exposure) {
    return officeWithIkev2(exposure, Exposure.Balancing.Connection);
  }

  static ResolvedGateway officeWithIkev2(Exposure.Type exposure, Exposure.Balancing balancing) {
    return office(
        exposure,
        balancing,
        Set.of(TunnelType.OpenVPN, TunnelType.IKEv2),
        new GatewayState.Ikev2(IkePolicy.all(), IpsecPolicy.all(), 27_000, 33_553_408),
        null,
        null);
  }

  static ResolvedGateway officeWithIkev2AndSstp(Exposure.Type exposure) {
    return office(
        exposure,
        Exposure.Balancing.Connection,
        Set.of(TunnelType.IKEv2, TunnelType.SSTP),
        new GatewayState.Ikev2(IkePolicy.all(), IpsecPolicy.all(), 27_000, 33_553_408),
        new SstpSettings(
            List.of("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"),
            List.of(EndpointCommand.Method.CERTIFICATE),
            1370,
            128,
            List.of()),
        null);
  }

  static ResolvedGateway officeWithRadius(Exposure.Type exposure) {
    return office(
        exposure,
        Exposure.Balancing.Connection,
        Set.of(TunnelType.OpenVPN),
        null,
        null,
        new RadiusAccess(
            new GatewayState.Radius(
                List.of(
                    new ConfiguredRadiusServer("10.1.0.4", 30, 1812, 1813, "radius-0.secret"),
                    new ConfiguredRadiusServer("2001:db8::4", 10, 1812, 1813, "radius-1.secret")),
                30,
                "vpn/office",
                RadiusSpec.PasswordProtocol.MSCHAPv2,
                false),
            Map.of(),
            Optional.empty()));
  }

  /** The same gateway, with traffic that leaves with clients' own addresses. */
  static ResolvedGateway routed(ResolvedGateway gateway) {
    return with(gateway, gateway.clientAddressPools(), false);
  }

  /** The same gateway with other pools. */
  static ResolvedGateway withPools(ResolvedGateway gateway, String... pools) {
    return with(gateway, Stream.of(pools).map(Cidr::parse).toList(), gateway.snat());
  }

  private static ResolvedGateway with(ResolvedGateway gateway, List<Cidr> pools, boolean snat) {
    return new ResolvedGateway(
        gateway.namespace(),
        gateway.name(),
        gateway.uid(),
        gateway.generation(),
        gateway.sku(),
        gateway.tunnelTypes(),
        gateway.authenticationTypes(),
        pools,
        gateway.routes(),
        gateway.forced(),
        snat,
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
        gateway.suppliedCertificate(),
        gateway.sstp(),
        gateway.clientSecret());
  }

  private static ResolvedGateway office(
      Exposure.Type exposure,
      Exposure.Balancing balancing,
      Set<TunnelType> tunnels,
      GatewayState.Ikev2 ikev2,
      SstpSettings sstp,
      RadiusAccess radius) {
    return new ResolvedGateway(
        "vpn",
        "office",
        "11111111-2222-3333-4444-555555555555",
        7,
        GatewaySku.named("VpnGw1AZ").getFirst(),
        tunnels,
        Set.of(radius == null ? AuthenticationType.Certificate : AuthenticationType.RADIUS),
        List.of(Cidr.parse("172.31.200.0/24")),
        List.of(Cidr.parse("10.96.0.0/16"), Cidr.parse("10.244.0.0/16")),
        false,
        true,
        new GatewayState.Dns(List.of("10.96.0.10"), List.of(new Fqdn("cluster.local"))),
        balancing == Exposure.Balancing.PerReplica
            ? Optional.of(new Fqdn("vpn.corp.example"))
            : Optional.empty(),
        new ResolvedGateway.Access(exposure, Optional.empty(), Optional.empty(), balancing),
        List.of(),
        List.of(),
        null,
        tunnels.contains(TunnelType.OpenVPN)
            ? new GatewayState.OpenVpn(2, "1.2", List.of(), List.of("AES-256-GCM"), 5, 15, 1400)
            : null,
        ikev2,
        List.of(),
        radius,
        new GatewayScaling(1, Optional.empty(), Duration.ofMinutes(5)),
        false,
        false,
        new GatewaySessions(Optional.empty(), Optional.empty(), false, false),
        "office-tls-auth",
        null,
        sstp,
        new ResolvedGateway.ClientSecret(""));
  }
}
