package dev.p2s.gateway;

import dev.p2s.addressing.Cidr;
import dev.p2s.addressing.Fqdn;
import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.api.v1alpha1.GatewayPolicies.PodUpdates;
import dev.p2s.api.v1alpha1.GatewayPolicies.ThroughputPolicy;
import dev.p2s.api.v1alpha1.GatewayPolicies.TlsPolicy;
import dev.p2s.api.v1alpha1.P2SGateway;
import dev.p2s.api.v1alpha1.P2SGatewaySpec;
import dev.p2s.api.v1alpha1.P2SGatewaySpec.Exposure;
import dev.p2s.api.v1alpha1.TunnelType;
import dev.p2s.catalog.GatewaySku;
import dev.p2s.catalog.TlsCipherSuite;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.PolicyGroup;
import dev.p2s.pki.Thumbprint;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Judges a spec by the seed's rules, then by the cluster, and fills in what it leaves out. A
 * function of the resource and what was seen: the same input is judged the same.
 */
@ApplicationScoped
public class GatewayValidation implements GatewayJudge.Validation {

  private static final int PING_SECONDS = 5;
  private static final int PING_RESTART_SECONDS = 15;
  private static final int TUNNEL_MTU = 1400;
  private static final List<String> DATA_CIPHERS = List.of("AES-256-GCM", "AES-128-GCM");

  @Override
  public GatewayJudge.Outcome validate(P2SGateway gateway, GatewayObservation seen) {
    try {
      List<String> told = new ArrayList<>(List.of("accepted"));
      ResolvedGateway resolved = resolve(gateway, seen, told);
      return new GatewayJudge.Outcome.Accepted(resolved, String.join("; ", told));
    } catch (GatewayRefused e) {
      return new GatewayJudge.Outcome.Refused(e.reason(), e.getMessage());
    }
  }

  private static ResolvedGateway resolve(
      P2SGateway gateway, GatewayObservation seen, List<String> warnings) throws GatewayRefused {
    P2SGatewaySpec spec = gateway.getSpec();
    TextRules.check(spec);
    GatewaySku sku = GatewayRules.sku(spec);
    Set<TunnelType> tunnels = GatewayRules.tunnels(spec);
    Set<AuthenticationType> authentications = GatewayRules.authentications(spec);
    GatewayRules.matrix(sku, tunnels, authentications);
    ResizeRules.check(seen.acceptedSpec(), sku);
    AuthenticationRules.check(spec, tunnels, authentications);
    List<Cidr> pools = AddressRules.pools(spec);
    List<Cidr> routes = RouteRules.routes(spec, pools, seen.facts());
    List<PolicyGroup> groups =
        PolicyGroupRules.groups(
            spec,
            authentications,
            pools,
            seen.services(),
            RouteRules.addressed(seen.facts().serviceRanges(), pools));
    GatewaySessions sessions = GatewaySessions.of(spec);
    List<Cidr> reachable = sessions.reachable(routes, pools, groups);
    PoolRules.reach(spec, reachable, groups);
    GatewayRules.addressFamily(sku, tunnels, spec, pools, groups);
    Ipv6Rules.check(spec, pools, groups);
    PoolRules.routes(spec, pools, groups);
    warnings.addAll(PoolRules.check(gateway, pools, groups, seen));
    warnings.addAll(AuthenticationRules.weakGroups(spec));
    AllowedProfilesRules.check(spec);
    ProfileDefaultsRules.check(spec, tunnels, authentications);
    ResolvedGateway.Access access = access(spec.exposure());
    nameable(access.type(), tunnels, authentications);
    ReplicaRules.check(spec, access, tunnels);
    NotServedYet.check(spec);
    return new ResolvedGateway(
        gateway.getMetadata().getNamespace(),
        gateway.getMetadata().getName(),
        gateway.getMetadata().getUid(),
        gateway.getMetadata().getGeneration(),
        sku,
        tunnels,
        authentications,
        pools,
        routes,
        RouteRules.isForced(spec),
        spec.routes() == null || !Boolean.FALSE.equals(spec.routes().snat()),
        dns(spec, seen.facts()),
        AddressRules.fqdn(spec),
        access,
        revocations(spec),
        list(spec.blockedUsers()).stream().map(P2SGatewaySpec.BlockedUser::user).toList(),
        TokenIssuers.of(spec, authentications, seen.texts()),
        tunnels.contains(TunnelType.OpenVPN) ? openVpn(spec) : null,
        tunnels.contains(TunnelType.IKEv2) ? Ikev2Policies.of(spec) : null,
        groups.stream().map(group -> group.toldOf(reachable)).toList(),
        radius(gateway, seen),
        GatewayScaling.of(spec, sku),
        spec.throughputPolicy() == ThroughputPolicy.Shape,
        spec.podUpdates() == PodUpdates.Rolling,
        sessions,
        spec.tlsAuthSecretRef() == null
            ? GatewayKeyRing.tlsAuthName(gateway.getMetadata().getName())
            : spec.tlsAuthSecretRef().name(),
        seen.suppliedCertificates().of(gateway),
        tunnels.contains(TunnelType.SSTP) ? SstpServer.of(spec, sku, authentications) : null,
        new ResolvedGateway.ClientSecret(TokenIssuers.clientSecret(spec, seen.texts())));
  }

  private static GatewayState.OpenVpn openVpn(P2SGatewaySpec spec) {
    return new GatewayState.OpenVpn(
        spec.openVpn() == null || spec.openVpn().processes() == null
            ? Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 64)
            : spec.openVpn().processes(),
        "1.2",
        (spec.tlsPolicy() == TlsPolicy.Hardened ? TlsCipherSuite.hardened() : TlsCipherSuite.all())
            .stream().map(TlsCipherSuite::name).toList(),
        DATA_CIPHERS,
        PING_SECONDS,
        PING_RESTART_SECONDS,
        Objects.requireNonNullElse(spec.mtu(), TUNNEL_MTU));
  }

  private static RadiusAccess radius(P2SGateway gateway, GatewayObservation seen)
      throws GatewayRefused {
    return gateway.getSpec().radius() == null
        ? null
        : RadiusAccess.of(
            gateway.getSpec().radius(),
            gateway.getMetadata().getNamespace() + "/" + gateway.getMetadata().getName(),
            seen.radiusSecrets(),
            seen.texts());
  }

  private static GatewayState.Dns dns(P2SGatewaySpec spec, ClusterFacts facts)
      throws GatewayRefused {
    List<String> servers = new ArrayList<>();
    List<Fqdn> suffixes = new ArrayList<>();
    if (spec.dns() != null) {
      for (String server : list(spec.dns().servers())) {
        servers.add(AddressRules.numeric("spec.dns.servers", server, GatewayRefusal.DnsInvalid));
      }
      for (String suffix : list(spec.dns().suffixes())) {
        suffixes.add(AddressRules.name("spec.dns.suffixes", suffix, GatewayRefusal.DnsInvalid));
      }
    }
    return new GatewayState.Dns(
        servers.isEmpty() ? facts.dnsServers() : servers,
        suffixes.isEmpty() ? facts.domain().stream().toList() : suffixes);
  }

  private static ResolvedGateway.Access access(Exposure exposure) throws GatewayRefused {
    if (exposure == null) {
      return new ResolvedGateway.Access(
          Exposure.Type.LoadBalancer,
          Optional.empty(),
          Optional.empty(),
          Exposure.Balancing.Connection);
    }
    Exposure.Type type = exposure.type() == null ? Exposure.Type.LoadBalancer : exposure.type();
    if (exposure.nodePort() != null && type != Exposure.Type.NodePort) {
      throw new GatewayRefused(
          GatewayRefusal.ExposureInvalid, "spec.exposure.nodePort is for type NodePort only");
    }
    Optional<String> address = Optional.empty();
    if (exposure.address() != null) {
      address = Optional.of(dialled(exposure.address()));
    }
    return new ResolvedGateway.Access(
        type,
        address,
        Optional.ofNullable(exposure.nodePort()),
        Objects.requireNonNullElse(exposure.balancing(), Exposure.Balancing.Connection));
  }

  // a NodePort is never 443, and these clients' configurations have no place for a port
  private static void nameable(
      Exposure.Type type, Set<TunnelType> tunnels, Set<AuthenticationType> authentications)
      throws GatewayRefused {
    if (type != Exposure.Type.NodePort) {
      return;
    }
    for (TunnelType tunnel : tunnels) {
      if (tunnel != TunnelType.OpenVPN) {
        throw portNotNameable("spec.tunnelTypes: " + tunnel);
      }
    }
    if (authentications.contains(AuthenticationType.EntraID)) {
      throw portNotNameable("spec.authenticationTypes: EntraID");
    }
  }

  private static GatewayRefused portNotNameable(String what) {
    return new GatewayRefused(
        GatewayRefusal.ExposureInvalid,
        "spec.exposure.type: NodePort does not go with "
            + what
            + ", whose clients cannot be told a port; use LoadBalancer, HostPort or ClusterIP");
  }

  // a name or a numeric address: nothing else reaches a package
  private static String dialled(String address) throws GatewayRefused {
    try {
      return Cidr.numeric(address).getHostAddress();
    } catch (IllegalArgumentException e) {
      return AddressRules.name("spec.exposure.address", address, GatewayRefusal.ExposureInvalid)
          .value();
    }
  }

  private static List<GatewayState.Revocation> revocations(P2SGatewaySpec spec)
      throws GatewayRefused {
    List<GatewayState.Revocation> revocations = new ArrayList<>();
    for (P2SGatewaySpec.RevokedCertificate revoked : list(spec.revokedCertificates())) {
      try {
        revocations.add(
            new GatewayState.Revocation(
                Objects.toString(revoked.name(), ""),
                Thumbprint.parse(revoked.thumbprint()).hex()));
      } catch (IllegalArgumentException e) {
        throw new GatewayRefused(
            GatewayRefusal.ThumbprintInvalid,
            "spec.revokedCertificates: "
                + GatewayRules.quoted(revoked.thumbprint())
                + " "
                + e.getMessage());
      }
    }
    return revocations;
  }

  private static <T> List<T> list(List<T> values) {
    return values == null ? List.of() : values;
  }
}
