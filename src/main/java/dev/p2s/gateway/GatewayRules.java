package dev.p2s.gateway;

import dev.p2s.addressing.Cidr;
import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.api.v1alpha1.P2SGatewaySpec;
import dev.p2s.api.v1alpha1.SkuSpec;
import dev.p2s.api.v1alpha1.TunnelType;
import dev.p2s.catalog.GatewaySku;
import dev.p2s.catalog.TunnelAuthentication;
import dev.p2s.dataplane.PolicyGroup;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The seed's rules on what goes with what: SKU, tunnel types, authentication types. */
final class GatewayRules {

  // what the seed's smallest zone-redundant row has
  private static final int CUSTOM_SSTP = 128;
  private static final int CUSTOM_MBPS = 650;

  private GatewayRules() {}

  /** The row that the spec names, or the default one. */
  static GatewaySku sku(P2SGatewaySpec spec) throws GatewayRefused {
    if (spec.sku() == null) {
      return GatewaySku.named(GatewaySku.DEFAULT).getFirst();
    }
    if (spec.sku().custom() != null) {
      return custom(spec.sku());
    }
    String name = spec.sku().name();
    if (name == null) {
      throw new GatewayRefused(
          GatewayRefusal.UnknownSku,
          "spec.sku: name is missing; write name: VpnGw1AZ, or custom: {connections: 250}");
    }
    String generation = spec.sku().generation();
    List<GatewaySku> rows = GatewaySku.named(name);
    if (rows.isEmpty()) {
      throw new GatewayRefused(
          GatewayRefusal.UnknownSku,
          "spec.sku.name: "
              + quoted(name)
              + " is no gateway SKU; there are "
              + GatewaySku.all().stream()
                  .map(GatewaySku::name)
                  .distinct()
                  .collect(Collectors.joining(", ")));
    }
    if (generation == null) {
      if (rows.size() > 1) {
        throw new GatewayRefused(
            GatewayRefusal.AmbiguousSku,
            "spec.sku.generation: both generations have a "
                + name
                + "; write generation: Generation1 ("
                + rows.getFirst().aggregateThroughputMbps()
                + " Mbit/s) or Generation2 ("
                + rows.getLast().aggregateThroughputMbps()
                + " Mbit/s)");
      }
      return rows.getFirst();
    }
    return GatewaySku.of(generation, name)
        .orElseThrow(
            () ->
                new GatewayRefused(
                    GatewayRefusal.UnknownSku,
                    "spec.sku: "
                        + quoted(generation)
                        + " has no "
                        + name
                        + "; that SKU belongs to "
                        + rows.getFirst().generation()));
  }

  private static GatewaySku custom(SkuSpec sku) throws GatewayRefused {
    if (sku.name() != null || sku.generation() != null) {
      throw new GatewayRefused(
          GatewayRefusal.UnknownSku,
          "spec.sku: either a name of the seed's table or custom figures, not both");
    }
    SkuSpec.CustomSku figures = sku.custom();
    if (figures.connections() == null) {
      throw new GatewayRefused(
          GatewayRefusal.UnknownSku, "spec.sku.custom.connections is missing; write 1 to 10000");
    }
    return GatewaySku.custom(
        figures.connections(),
        Objects.requireNonNullElse(figures.sstpConnections(), CUSTOM_SSTP),
        Objects.requireNonNullElse(figures.throughputMbps(), CUSTOM_MBPS),
        !Boolean.FALSE.equals(figures.zoneRedundant()));
  }

  static Set<TunnelType> tunnels(P2SGatewaySpec spec) {
    return spec.tunnelTypes() == null || spec.tunnelTypes().isEmpty()
        ? EnumSet.of(TunnelType.OpenVPN)
        : EnumSet.copyOf(spec.tunnelTypes());
  }

  static Set<AuthenticationType> authentications(P2SGatewaySpec spec) {
    return spec.authenticationTypes() == null || spec.authenticationTypes().isEmpty()
        ? EnumSet.of(AuthenticationType.Certificate)
        : EnumSet.copyOf(spec.authenticationTypes());
  }

  /** "Tunnel Type – Authentication Mechanism" and the note on Basic. */
  static void matrix(
      GatewaySku sku, Set<TunnelType> tunnels, Set<AuthenticationType> authentications)
      throws GatewayRefused {
    if (tunnels.containsAll(Set.of(TunnelType.OpenVPN, TunnelType.SSTP))) {
      throw new GatewayRefused(
          GatewayRefusal.TunnelAuthenticationNotOffered,
          "spec.tunnelTypes: OpenVPN and SSTP both need TCP 443; allowed are "
              + TunnelAuthentication.all().stream()
                  .map(row -> listed(row.tunnels()))
                  .distinct()
                  .collect(Collectors.joining(", ")));
    }
    if (sku.isBasic()
        && !(tunnels.equals(Set.of(TunnelType.SSTP))
            && authentications.equals(Set.of(AuthenticationType.Certificate)))) {
      throw new GatewayRefused(
          GatewayRefusal.SkuDoesNotServe,
          "spec.sku: Basic serves SSTP with certificates only, not "
              + listed(tunnels)
              + " with "
              + listed(authentications)
              + "; the smallest SKU with OpenVPN is VpnGw1AZ");
    }
    if (authentications.containsAll(Set.of(AuthenticationType.EntraID, AuthenticationType.OIDC))) {
      throw new GatewayRefused(
          GatewayRefusal.TunnelAuthenticationNotOffered,
          "spec.authenticationTypes: OIDC stands in EntraID's place; keep one of the two");
    }
    if (!TunnelAuthentication.allows(tunnels, authentications)) {
      throw new GatewayRefused(
          GatewayRefusal.TunnelAuthenticationNotOffered,
          "spec.authenticationTypes: "
              + listed(authentications)
              + " is not offered with "
              + listed(tunnels)
              + "; with "
              + listed(tunnels)
              + " there are "
              + TunnelAuthentication.allowedFor(tunnels).stream()
                  .map(GatewayRules::listed)
                  .collect(Collectors.joining(", ")));
    }
  }

  static String listed(Set<? extends Enum<?>> values) {
    return values.stream().map(Enum::name).sorted().collect(Collectors.joining(", ", "[", "]"));
  }

  /** The note on Basic: it does not support IPv6. Nor do the clients of SSTP here. */
  static void addressFamily(
      GatewaySku sku,
      Set<TunnelType> tunnels,
      P2SGatewaySpec spec,
      List<Cidr> pools,
      List<PolicyGroup> groups)
      throws GatewayRefused {
    String why;
    if (sku.isBasic()) {
      why = "Basic does not support IPv6; the smallest SKU with it is VpnGw1AZ";
    } else if (tunnels.contains(TunnelType.SSTP)) {
      why = "SSTP is served with IPv4 only; leave it out, or serve OpenVPN in SSTP's place";
    } else {
      return;
    }
    onlyIpv4(why, "spec.clientAddressPools", pools.stream().map(Cidr::toString));
    if (spec.routes() != null && spec.routes().include() != null) {
      onlyIpv4(why, "spec.routes.include", spec.routes().include().stream());
    }
    onlyIpv4(
        why,
        "spec.policyGroups",
        groups.stream().flatMap(group -> group.clientAddressPools().stream()).map(Cidr::toString));
  }

  private static void onlyIpv4(String why, String field, Stream<String> ranges)
      throws GatewayRefused {
    Optional<String> ipv6 = ranges.filter(range -> range.contains(":")).findFirst();
    if (ipv6.isPresent()) {
      throw new GatewayRefused(
          GatewayRefusal.SkuDoesNotServe, field + ": " + ipv6.get() + ": " + why);
    }
  }

  /** A person's text in a sentence: bounded, and on one line. */
  static String quoted(String text) {
    return "'" + shown(text) + "'";
  }

  /** The same without quotes, for a key in a path. */
  static String shown(String text) {
    String shown = text.length() > 64 ? text.substring(0, 64) + "…" : text;
    return shown.replaceAll("\\p{Cntrl}|[\\u0085\\u2028\\u2029]", "?");
  }
}
