package dev.p2s.clientprofile;

import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.api.v1alpha1.ClientPlatform;
import dev.p2s.api.v1alpha1.ClientProfile;
import dev.p2s.api.v1alpha1.ClientProfileSpec;
import dev.p2s.api.v1alpha1.P2SGateway;
import dev.p2s.api.v1alpha1.P2SGatewaySpec;
import dev.p2s.api.v1alpha1.TunnelType;
import dev.p2s.catalog.ClientSoftware;
import dev.p2s.catalog.EntraAudience;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The rules on a profile: what its gateway offers, and which clients the seed has for it. */
final class ProfileValidation {

  /** A rule says no. */
  record Refused(ProfileReason reason, String message) {}

  private ProfileValidation() {}

  /** Empty where the profile is allowed. */
  static Optional<Refused> check(ClientProfile profile, P2SGateway gateway) {
    ClientProfileSpec spec = profile.getSpec();
    P2SGatewaySpec offered = gateway.getSpec();
    Set<AuthenticationType> types = types(offered);
    if (spec.authenticationType() == null && types.size() > 1) {
      return refused(
          ProfileReason.AuthenticationNotOffered,
          "spec.authenticationType is missing; the gateway has several: " + names(types));
    }
    AuthenticationType type = authentication(profile, gateway);
    if (!types.contains(type)) {
      return refused(
          ProfileReason.AuthenticationNotOffered,
          "spec.authenticationType: "
              + type
              + " is none of the gateway's spec.authenticationTypes: "
              + names(types));
    }
    return clients(spec, offered, type)
        .or(() -> withoutEffect(spec, type))
        .or(() -> request(profile));
  }

  private static Optional<Refused> request(ClientProfile profile) {
    try {
      ProfileCertificates.requestedKey(profile);
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return refused(ProfileReason.CsrInvalid, "spec.certificate.csr.pem: " + e.getMessage());
    }
  }

  /**
   * The platforms that a package is for: those that the profile names, else every one that fits.
   */
  static Set<ClientPlatform> platforms(
      ClientProfile profile, Set<TunnelType> tunnels, AuthenticationType authentication) {
    List<ClientPlatform> named = profile.getSpec().clients();
    if (named != null && !named.isEmpty()) {
      return EnumSet.copyOf(named);
    }
    Set<ClientPlatform> fitting = ClientSoftware.platforms(tunnels, authentication);
    if (tunnels.contains(TunnelType.SSTP) && !fitting.isEmpty()) {
      // pppd and NetworkManager speak SSTP, which no row of the seed says
      fitting.add(ClientPlatform.Linux);
    }
    return fitting;
  }

  /** How the person of a profile that is allowed logs in: what it says, else the only way. */
  static AuthenticationType authentication(ClientProfile profile, P2SGateway gateway) {
    return profile.getSpec().authenticationType() == null
        ? types(gateway.getSpec()).iterator().next()
        : profile.getSpec().authenticationType();
  }

  // nothing is issued to who has a password, so nothing can be taken back
  private static Optional<Refused> withoutEffect(ClientProfileSpec spec, AuthenticationType type) {
    if (type == AuthenticationType.Certificate) {
      return Optional.empty();
    }
    if (spec.certificate() != null || spec.onDelete() != null) {
      return refused(
          ProfileReason.WithoutEffect,
          (spec.certificate() != null ? "spec.certificate" : "spec.onDelete")
              + " has no effect with "
              + type
              + "; leave it out");
    }
    if (Boolean.TRUE.equals(spec.suspended())) {
      return refused(
          ProfileReason.WithoutEffect,
          "spec.suspended has no effect with "
              + type
              + ", since nothing was issued; name the user in the gateway's spec.blockedUsers");
    }
    return Optional.empty();
  }

  private static Optional<Refused> clients(
      ClientProfileSpec spec, P2SGatewaySpec offered, AuthenticationType type) {
    Set<TunnelType> tunnels = tunnels(offered);
    Set<ClientPlatform> fitting = ClientSoftware.platforms(tunnels, type);
    for (ClientPlatform platform :
        Objects.requireNonNullElse(spec.clients(), List.<ClientPlatform>of())) {
      if (!fitting.contains(platform)) {
        return refused(
            ProfileReason.ClientNotSupported,
            "spec.clients: "
                + platform
                + " has no VPN client for "
                + names(tunnels)
                + " with "
                + type
                + "; there are "
                + names(fitting));
      }
      if (type == AuthenticationType.EntraID
          && offered.entraID() != null
          && !EntraAudience.clientsOf(offered.entraID().audience()).contains(platform)) {
        return refused(
            ProfileReason.ClientNotSupported,
            "spec.clients: \"The Azure VPN Client for "
                + platform
                + " isn't backward compatible with the older Audience values\"; set the gateway's"
                + " spec.entraID.audience to "
                + EntraAudience.all().stream()
                    .filter(row -> row.clients().contains(platform))
                    .map(EntraAudience::audience)
                    .collect(Collectors.joining(", "))
                + " or to an audience of your own");
      }
    }
    return Optional.empty();
  }

  private static Optional<Refused> refused(ProfileReason reason, String message) {
    return Optional.of(new Refused(reason, message));
  }

  private static Set<AuthenticationType> types(P2SGatewaySpec spec) {
    return spec.authenticationTypes() == null || spec.authenticationTypes().isEmpty()
        ? EnumSet.of(AuthenticationType.Certificate)
        : EnumSet.copyOf(spec.authenticationTypes());
  }

  static Set<TunnelType> tunnels(P2SGatewaySpec spec) {
    return spec.tunnelTypes() == null || spec.tunnelTypes().isEmpty()
        ? EnumSet.of(TunnelType.OpenVPN)
        : EnumSet.copyOf(spec.tunnelTypes());
  }

  private static String names(Set<? extends Enum<?>> values) {
    return values.stream()
        .map(Enum::name)
        .collect(Collectors.toCollection(TreeSet::new))
        .toString();
  }
}
