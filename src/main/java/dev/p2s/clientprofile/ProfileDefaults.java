package dev.p2s.clientprofile;

import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.api.v1alpha1.ClientPlatform;
import dev.p2s.api.v1alpha1.ClientProfile;
import dev.p2s.api.v1alpha1.ClientProfileSpec;
import dev.p2s.api.v1alpha1.GatewayPolicies;
import dev.p2s.api.v1alpha1.P2SGateway;
import dev.p2s.catalog.ClientSoftware;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * What a gateway's {@code clientProfileDefaults} say where a profile does not. They are filled in
 * when a profile is read and never written into it.
 */
final class ProfileDefaults {

  private ProfileDefaults() {}

  /** The profile with what its gateway says of all; the profile itself where it says nothing. */
  static ClientProfile completed(ClientProfile profile, P2SGateway gateway) {
    GatewayPolicies.ProfileDefaults defaults = gateway.getSpec().clientProfileDefaults();
    if (defaults == null) {
      return profile;
    }
    ClientProfileSpec said = profile.getSpec();
    ClientProfile completed = new ClientProfile();
    completed.setMetadata(profile.getMetadata());
    completed.setStatus(profile.getStatus());
    completed.setSpec(
        new ClientProfileSpec(
            said.gatewayRef(),
            said.user(),
            Objects.requireNonNullElse(
                said.authenticationType(),
                Objects.requireNonNullElse(
                    defaults.authenticationType(),
                    ProfileValidation.authentication(profile, gateway))),
            said.certificate(),
            said.suspended(),
            said.clients(),
            said.onDelete()));
    AuthenticationType type = completed.getSpec().authenticationType();
    completed.setSpec(
        new ClientProfileSpec(
            said.gatewayRef(),
            said.user(),
            type,
            type == AuthenticationType.Certificate
                ? certificate(said.certificate(), defaults.issued())
                : said.certificate(),
            said.suspended(),
            said.clients() == null ? fitting(defaults.clients(), gateway, type) : said.clients(),
            said.onDelete()));
    return completed;
  }

  private static ClientProfileSpec.Certificate certificate(
      ClientProfileSpec.Certificate said, ClientProfileSpec.Issued issued) {
    if (issued == null) {
      return said;
    }
    if (said == null) {
      return new ClientProfileSpec.Certificate(null, issued, null);
    }
    if (said.issued() == null) {
      return said;
    }
    return new ClientProfileSpec.Certificate(
        null,
        new ClientProfileSpec.Issued(
            said.issued().rootRef() == null ? issued.rootRef() : said.issued().rootRef(),
            said.issued().duration() == null ? issued.duration() : said.issued().duration(),
            said.issued().renewBefore() == null
                ? issued.renewBefore()
                : said.issued().renewBefore()),
        null);
  }

  // one list for all profiles: what has no client for this one's way in is not for it
  private static List<ClientPlatform> fitting(
      List<ClientPlatform> clients, P2SGateway gateway, AuthenticationType type) {
    if (clients == null) {
      return null;
    }
    Set<ClientPlatform> fitting =
        ClientSoftware.platforms(ProfileValidation.tunnels(gateway.getSpec()), type);
    List<ClientPlatform> kept = clients.stream().filter(fitting::contains).toList();
    return kept.isEmpty() ? null : kept;
  }
}
