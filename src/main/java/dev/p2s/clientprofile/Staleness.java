package dev.p2s.clientprofile;

import dev.p2s.api.v1alpha1.ClientProfileStatus;
import java.util.List;
import java.util.Optional;

/**
 * A package that was handed out, does not fit its gateway any more, and cannot be written anew.
 *
 * @param reason what has changed
 * @param message what that means for who holds it
 */
record Staleness(ProfileReason reason, String message) {

  /**
   * Compares; empty where the package fits, where there is none, and where nobody can tell, as
   * while a gateway has no address.
   *
   * @param before what was said of the package
   * @param material what the gateway serves now
   * @param roots names of the roots that it trusts now
   */
  static Optional<Staleness> of(
      ClientProfileStatus before, Optional<GatewayMaterial> material, List<String> roots) {
    if (before == null || before.secretName() == null || material.isEmpty()) {
      return Optional.empty();
    }
    if (before.rootName() != null && !roots.contains(before.rootName())) {
      return Optional.of(
          new Staleness(
              ProfileReason.RootRemoved,
              "the package's certificate is of RootCertificate "
                  + before.rootName()
                  + ", which the gateway does not trust any more: it does not connect"));
    }
    if (!material.orElseThrow().hash().equals(before.gatewayHash())) {
      return Optional.of(
          new Staleness(
              ProfileReason.GatewayChanged,
              "the package was written for an earlier address, server certificate authority, route"
                  + " or resolver of the gateway; it is written anew once the profile is Ready"));
    }
    return Optional.empty();
  }
}
