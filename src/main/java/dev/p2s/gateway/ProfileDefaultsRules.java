package dev.p2s.gateway;

import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.api.v1alpha1.ClientPlatform;
import dev.p2s.api.v1alpha1.GatewayPolicies;
import dev.p2s.api.v1alpha1.P2SGatewaySpec;
import dev.p2s.api.v1alpha1.TunnelType;
import dev.p2s.catalog.ClientSoftware;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** What a gateway says of all its profiles has to have an effect for some. */
final class ProfileDefaultsRules {

  private ProfileDefaultsRules() {}

  static void check(
      P2SGatewaySpec spec, Set<TunnelType> tunnels, Set<AuthenticationType> authentications)
      throws GatewayRefused {
    GatewayPolicies.ProfileDefaults defaults = spec.clientProfileDefaults();
    if (defaults == null) {
      return;
    }
    if (defaults.authenticationType() != null
        && !authentications.contains(defaults.authenticationType())) {
      throw refused(
          "authenticationType: "
              + defaults.authenticationType()
              + " is none of spec.authenticationTypes: "
              + GatewayRules.listed(authentications));
    }
    if (defaults.issued() != null && !authentications.contains(AuthenticationType.Certificate)) {
      throw refused(
          "issued has no effect without Certificate in spec.authenticationTypes; leave it out");
    }
    Set<ClientPlatform> fitting = EnumSet.noneOf(ClientPlatform.class);
    authentications.forEach(type -> fitting.addAll(ClientSoftware.platforms(tunnels, type)));
    for (ClientPlatform platform :
        Objects.requireNonNullElse(defaults.clients(), List.<ClientPlatform>of())) {
      if (!fitting.contains(platform)) {
        throw refused(
            "clients: "
                + platform
                + " has no VPN client for "
                + GatewayRules.listed(tunnels)
                + " with "
                + GatewayRules.listed(authentications)
                + "; there are "
                + GatewayRules.listed(fitting));
      }
    }
  }

  private static GatewayRefused refused(String what) {
    return new GatewayRefused(GatewayRefusal.WithoutEffect, "spec.clientProfileDefaults." + what);
  }
}
