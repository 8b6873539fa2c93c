package dev.p2s.clientprofile.formats;

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
            input.address(),
            input.port(),
            input.serverName(),
            patience(input),
            input.everything() ? EVERYTHING : "",
            Pem.certificate(input.serverAuthority()).strip(),
            input.tlsAuthKey().file().strip(),
            input.withCertificate() ? certificate(input) : PASSWORD);
  }

  // a person may need longer to confirm a login than clients wait of their own accord
  private static String patience(PackageInput input) {
    int seconds =
        input.radius().map(RadiusLogin::handWindowSeconds).orElse(RadiusLogin.USUAL_SECONDS);
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
                .certificate()
                .map(pair -> pair.certificatePem().strip())
                .orElse("$CLIENTCERTIFICATE"),
            input.keyPair().map(pair -> pair.keyPem().strip()).orElse("$PRIVATEKEY"));
  }
}
