package dev.p2s.gateway;

import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.api.v1alpha1.P2SGatewaySpec;
import dev.p2s.api.v1alpha1.TunnelType;
import dev.p2s.catalog.GatewaySku;
import dev.p2s.catalog.TunnelAuthentication;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The seed's rules on what goes with what: SKU, tunnel types, authentication types. */
final class GatewayRules {

  private GatewayRules() {}

  /** The row that the spec names, or the default one. */
  static GatewaySku sku(P2SGatewaySpec spec) throws GatewayRefused {
    if (spec.sku() == null) {
      return GatewaySku.named(GatewaySku.DEFAULT).getFirst();
    }
    String name = spec.sku().name();
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

  /** What the seed allows and this version does not serve yet: refused, never ignored. */
  static void implemented(
      Set<TunnelType> tunnels, Set<AuthenticationType> authentications, int replicas)
      throws GatewayRefused {
    if (!tunnels.equals(Set.of(TunnelType.OpenVPN))) {
      throw notImplemented("spec.tunnelTypes: " + listed(tunnels), "[OpenVPN]");
    }
    if (!authentications.equals(Set.of(AuthenticationType.Certificate))) {
      throw notImplemented("spec.authenticationTypes: " + listed(authentications), "[Certificate]");
    }
    if (replicas > 1) {
      throw notImplemented("spec.scaling.replicas: " + replicas, "1 (or 0, to rest)");
    }
  }

  private static GatewayRefused notImplemented(String what, String served) {
    return new GatewayRefused(
        GatewayRefusal.NotImplemented, what + " is not served by this version yet, only " + served);
  }

  static String listed(Set<? extends Enum<?>> values) {
    return values.stream().map(Enum::name).sorted().collect(Collectors.joining(", ", "[", "]"));
  }

  /** A person's text in a sentence: bounded, and on one line. */
  static String quoted(String text) {
    String shown = text.length() > 64 ? text.substring(0, 64) + "…" : text;
    return "'" + shown.replaceAll("\\p{Cntrl}|[\\u0085\\u2028\\u2029]", "?") + "'";
  }
}
