package dev.p2s.clientprofile.formats;

import dev.p2s.api.v1alpha1.AuthenticationType;
import java.util.Optional;

/** What a package for somebody of Entra ID is rendered from. */
final class EntraProfiles {

  private EntraProfiles() {}

  static PackageInput of(PackageInput input) {
    String tenant = "11111111-2222-3333-4444-555555555555/";
    return new PackageInput(
        input.profile(),
        input.gateway(),
        input.address(),
        input.port(),
        input.serverName(),
        input.serverAuthority(),
        input.tlsAuthKey(),
        AuthenticationType.EntraID,
        Optional.empty(),
        Optional.empty(),
        input.routes(),
        input.pools(),
        input.dnsServers(),
        input.dnsSuffixes(),
        true,
        Optional.empty(),
        Optional.of(
            new PackageInput.EntraSignIn(
                "c632b3df-fb67-4d84-bdcf-b95ad541b5c8",
                "https://sts.windows.net/" + tenant,
                "https://login.microsoftonline.com/" + tenant)));
  }
}
