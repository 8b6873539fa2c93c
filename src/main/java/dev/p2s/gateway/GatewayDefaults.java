package dev.p2s.gateway;

import dev.p2s.addressing.Cidr;
import dev.p2s.addressing.Fqdn;
import dev.p2s.api.v1alpha1.P2SGateway;
import dev.p2s.api.v1alpha1.P2SGatewaySpec;
import dev.p2s.api.v1alpha1.P2SGatewaySpec.Exposure;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.pki.Thumbprint;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Fills in what a spec leaves out; everything has one sensible value but the pools. */
final class GatewayDefaults {

  static final int PING_SECONDS = 5;
  static final int PING_RESTART_SECONDS = 15;
  static final int TUNNEL_MTU = 1400;

  private GatewayDefaults() {}

  /**
   * @param connectionLimit the SKU's
   * @param cores of a node, for the number of server processes
   * @throws IllegalArgumentException where a value cannot be read; validation says so before
   */
  static ResolvedGateway resolve(
      P2SGateway gateway, ClusterFacts facts, int connectionLimit, int cores) {
    P2SGatewaySpec spec = gateway.getSpec();
    return new ResolvedGateway(
        gateway.getMetadata().getNamespace(),
        gateway.getMetadata().getName(),
        gateway.getMetadata().getUid(),
        gateway.getMetadata().getGeneration(),
        connectionLimit,
        spec.clientAddressPools().stream().map(Cidr::parse).toList(),
        routes(spec, facts),
        spec.routes() == null || !Boolean.FALSE.equals(spec.routes().snat()),
        dns(spec, facts),
        Optional.ofNullable(spec.fqdn()).map(Fqdn::parse),
        access(spec.exposure()),
        list(spec.revokedCertificates()).stream()
            .map(
                revoked ->
                    new GatewayState.Revocation(
                        Objects.toString(revoked.name(), ""),
                        Thumbprint.parse(revoked.thumbprint()).hex()))
            .toList(),
        list(spec.blockedUsers()).stream().map(P2SGatewaySpec.BlockedUser::user).toList(),
        new GatewayState.OpenVpn(
            spec.openVpn() == null || spec.openVpn().processes() == null
                ? Math.clamp(cores, 1, 64)
                : spec.openVpn().processes(),
            "1.2",
            List.of(),
            List.of("AES-256-GCM", "AES-128-GCM"),
            PING_SECONDS,
            PING_RESTART_SECONDS,
            TUNNEL_MTU),
        spec.scaling() == null || spec.scaling().replicas() == null
            ? 1
            : spec.scaling().replicas());
  }

  private static List<Cidr> routes(P2SGatewaySpec spec, ClusterFacts facts) {
    List<Cidr> asked =
        spec.routes() == null
            ? List.of()
            : list(spec.routes().include()).stream().map(Cidr::parse).toList();
    return asked.isEmpty()
        ? Stream.concat(facts.serviceRanges().stream(), facts.podRanges().stream()).toList()
        : asked;
  }

  private static GatewayState.Dns dns(P2SGatewaySpec spec, ClusterFacts facts) {
    List<String> servers =
        spec.dns() == null ? List.of() : new ArrayList<>(list(spec.dns().servers()));
    List<Fqdn> suffixes =
        spec.dns() == null
            ? List.of()
            : list(spec.dns().suffixes()).stream().map(Fqdn::parse).toList();
    return new GatewayState.Dns(
        servers.isEmpty() ? facts.dnsServers() : servers,
        suffixes.isEmpty() ? facts.domain().stream().toList() : suffixes);
  }

  private static ResolvedGateway.Access access(Exposure exposure) {
    return exposure == null
        ? new ResolvedGateway.Access(Exposure.Type.LoadBalancer, Optional.empty(), Optional.empty())
        : new ResolvedGateway.Access(
            exposure.type() == null ? Exposure.Type.LoadBalancer : exposure.type(),
            Optional.ofNullable(exposure.address()),
            Optional.ofNullable(exposure.nodePort()));
  }

  private static <T> List<T> list(List<T> values) {
    return values == null ? List.of() : values;
  }
}
