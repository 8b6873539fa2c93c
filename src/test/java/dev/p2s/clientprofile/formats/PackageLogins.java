package dev.p2s.clientprofile.formats;

import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.clientprofile.formats.PackageLogin.EntraSignIn;
import dev.p2s.clientprofile.formats.PackageLogin.IssuedPair;
import dev.p2s.pki.OpenVpnStaticKey;
import java.security.cert.X509Certificate;
import java.util.Optional;

/** How people log in, as gateways say it that say nothing special. */
final class PackageLogins {

  private static final String TENANT = "11111111-2222-3333-4444-555555555555/";

  static final PackageInput.OpenVpn OPENVPN =
      new PackageInput.OpenVpn(
          OpenVpnStaticKey.parse(
              "-----BEGIN OpenVPN Static key V1-----\n"
                  + "0123456789abcdef0123456789abcdef\n".repeat(16)
                  + "-----END OpenVPN Static key V1-----\n"));

  private PackageLogins() {}

  static PackageLogin of(
      AuthenticationType method, Optional<X509Certificate> root, Optional<IssuedPair> pair) {
    return switch (method) {
      case Certificate -> new PackageLogin.ByCertificate(root, pair);
      case RADIUS -> new PackageLogin.AtRadius(RadiusLogin.USUAL);
      case OIDC -> new PackageLogin.AtIssuer(false);
      case EntraID ->
          new PackageLogin.AtEntraId(
              new EntraSignIn(
                  "c632b3df-fb67-4d84-bdcf-b95ad541b5c8",
                  "https://sts.windows.net/" + TENANT,
                  "https://login.microsoftonline.com/" + TENANT));
    };
  }

  /** The package of somebody else, who logs in in another way. */
  static PackageInput with(PackageInput input, PackageLogin login) {
    return new PackageInput(
        input.profile(),
        input.gateway(),
        input.server(),
        input.network(),
        login,
        input.openVpn().filter(served -> !login.byRadiusCertificate()),
        input.ikev2(),
        input.sstp());
  }

  /** The package of a gateway that reaches something else. */
  static PackageInput reaching(PackageInput input, PackageInput.Network network) {
    return new PackageInput(
        input.profile(),
        input.gateway(),
        input.server(),
        network,
        input.login(),
        input.openVpn(),
        input.ikev2(),
        input.sstp());
  }
}
