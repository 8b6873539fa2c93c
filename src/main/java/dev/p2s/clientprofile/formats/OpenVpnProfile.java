package dev.p2s.clientprofile.formats;

import dev.p2s.dataplane.openvpn.ClientSettings;
import dev.p2s.pki.Pem;

/**
 * {@code OpenVPN/vpnconfig.ovpn}: Azure's directives in Azure's order. Where a certificate was
 * issued it is in the file, which then works in a stock client as it is; else the placeholders that
 * Azure's users know stand in its place. Who logs in with a password, which an access token is too,
 * is asked for it.
 */
final class OpenVpnProfile {

  private static final String PASSWORD =
      """
      # asks for your user name and password
      auth-user-pass
      """;

  private static final String EVERYTHING =
      """

      # all traffic takes the tunnel; how, the gateway tells (redirect-gateway)
      """;

  private static final String BROWSER =
      """
      # your client opens a browser, in which you log in: these are no name and no password.
      # a client that sends an access token as the password has the line auth-user-pass instead
      setenv IV_SSO webauth,openurl
      <auth-user-pass>
      %1$s
      %1$s
      </auth-user-pass>
      """
          .formatted(ClientSettings.BROWSER_LOGIN);

  private OpenVpnProfile() {}

  static String render(PackageInput input) {
    return """
    client
    remote %s %d
    verify-x509-name %s name
    remote-cert-tls server

    dev tun
    proto tcp
    resolv-retry infinite
    connect-retry 1 5
    connect-timeout 10
    nobind

    auth SHA256
    cipher AES-256-GCM
    persist-key
    persist-tun

    tls-timeout 30
    %stls-version-min 1.2
    key-direction 1

    log openvpn.log
    verb 3
    %s
    # the certificate authority of the gateway's server certificate
    <ca>
    %s
    </ca>

    # signs the handshake
    <tls-auth>
    %s
    </tls-auth>

    %s"""
        .formatted(
            input.server().address(),
            input.server().port(),
            input.server().name(),
            patience(input),
            input.network().everything() ? EVERYTHING : "",
            Pem.certificate(input.server().authority()).strip(),
            input.openVpn().orElseThrow().tlsAuthKey().file().strip(),
            credential(input));
  }

  private static String credential(PackageInput input) {
    return switch (input.login()) {
      case PackageLogin.ByCertificate certificate -> certificate(input);
      case PackageLogin.AtIssuer(boolean browser) -> browser ? BROWSER : PASSWORD;
      case PackageLogin.AtRadius servers -> PASSWORD;
      case PackageLogin.AtEntraId entra -> PASSWORD;
    };
  }

  // a person may need longer to confirm a login than clients wait of their own accord
  private static String patience(PackageInput input) {
    int seconds =
        input
            .login()
            .radius()
            .map(RadiusLogin::handWindowSeconds)
            .orElse(RadiusLogin.USUAL_SECONDS);
    return seconds == RadiusLogin.USUAL_SECONDS ? "" : "hand-window " + seconds + "\n";
  }

  private static String certificate(PackageInput input) {
    return """
    # your certificate
    <cert>
    %s
    </cert>

    # its private key: keep this file to yourself
    <key>
    %s
    </key>
    """
        .formatted(
            input
                .login()
                .certificate()
                .map(pair -> pair.certificatePem().strip())
                .orElse("$CLIENTCERTIFICATE"),
            input.login().keyPair().map(pair -> pair.keyPem().strip()).orElse("$PRIVATEKEY"));
  }
}
