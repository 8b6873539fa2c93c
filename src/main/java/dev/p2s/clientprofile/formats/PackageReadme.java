package dev.p2s.clientprofile.formats;

import dev.p2s.api.v1alpha1.ClientPlatform;
import dev.p2s.catalog.EntraAudience;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** {@code README.txt} of a package: what the person does with it, on each system. */
final class PackageReadme {

  private static final String AZURE_BY_CERTIFICATE =
      """
      Windows and Linux (Ubuntu 20.04, 22.04) with the Azure VPN Client:
        install the client certificate, then import AzureVPN/azurevpnconfig.xml.

      """;

  private static final String OTHER_CLIENTS =
      """
      Any other client: the settings are in Generic/VpnSettings.xml, the certificate authority of the
      server in Generic/VpnServerRoot.cer_0.
      """;

  private static final String NO_OTHER_CLIENTS =
      """
      The Azure VPN Client cannot be used here: it dials port 443 and nothing else. The certificate
      authority of the server is in Generic/VpnServerRoot.cer_0.
      """;

  private static final String IKEV2 =
      """
      IKEv2, which systems speak with what they bring or with the strongSwan app:
      """;

  private static final String WINDOWS =
      """
        Windows: run WindowsPowershell/VpnProfileSetup.ps1 as administrator; Windows/ProfileXML.xml is
          for device management (VPNv2).
      """;

  private static final String STRONGSWAN =
      """
        Linux with strongSwan: %ssudo env SWANCTL_DIR=$PWD/strongSwan swanctl --load-all,
          then sudo swanctl --initiate --child net
      """;

  private static final String STRONGSWAN_SETTINGS =
      """
          Before, copy strongSwan/strongswan.d/p2s.conf to /etc/strongswan.d and run sudo swanctl
          --reload-settings, so that a gateway that falls silent is dialled anew after 15 s and not
          after three minutes.
      """;

  private static final String NETWORK_MANAGER =
      """
        Linux with NetworkManager and its strongSwan plugin: copy the folder strongSwan to %s and
          %s to /etc/NetworkManager/system-connections, both
          readable by root alone, then sudo nmcli connection reload
      """;

  private static final String ANDROID =
      """
        Android: open Android/vpn.sswan with the strongSwan app.
      """;

  private static final String APPLE =
      """
        iPhone, iPad, Mac: open Apple/vpn.mobileconfig and install the profile in the settings.
      """;

  private static final String PLACES =
      "put your user name and password in the places of $USERNAME and\n    $PASSWORD in"
          + " strongSwan/swanctl.conf, ";

  private static final String PASSWORD_CLIENTS =
      """
      Any other OpenVPN client: the certificate authority of the server is in
      Generic/VpnServerRoot.cer_0.
      """;

  private static final String AZURE_CLIENT =
      """
      %s with the Azure VPN Client, which signs you in by itself:
        import AzureVPN/azurevpnconfig.xml and connect.

      """;

  private static final String ENTRA_TOKEN =
      """
      You sign in with your account at Microsoft Entra ID. A client that cannot do so by itself wants an
      access token for %s as the password, and any user name; a stock
      OpenVPN client sends 1,600 characters of a password at most.""";

  private static final String TOKEN =
      """
      You log in with an access token of your identity provider as the password and any user name;
      neither is in this package. A stock OpenVPN client sends 1,600 characters of a password at
      most.""";

  private static final String BROWSER =
      """
      You log in with a browser, which your client opens: one that can, such as OpenVPN GUI 11.26 or
      OpenVPN Connect 3.3 and later. From a shell the address to open stands in openvpn.log.""";

  private static final String EVERYTHING =
      """

      All that your device sends goes through this connection while it stands, what is for the
      Internet too.
      """;

  private PackageReadme() {}

  /**
   * @param everyFormat false where formats that cannot name the gateway's port are left out
   * @param files what else the package has
   */
  static String render(PackageInput input, boolean everyFormat, Set<String> files) {
    return text(input, everyFormat, files) + (input.network().everything() ? EVERYTHING : "");
  }

  private static String text(PackageInput input, boolean everyFormat, Set<String> files) {
    List<String> parts = new ArrayList<>();
    parts.add(
        input.openVpn().isPresent() ? openVpn(input, everyFormat, files) : withoutOpenVpn(input));
    if (input.ikev2().isPresent()) {
      parts.add(ikev2(input, files));
    }
    if (input.sstp()) {
      parts.add(SstpReadme.render(input, files));
    }
    return String.join("\n", parts);
  }

  private static String ikev2(PackageInput input, Set<String> files) {
    StringBuilder text = new StringBuilder(IKEV2);
    if (files.contains(WindowsProfile.PATH)) {
      text.append(WINDOWS);
    }
    if (files.contains(AppleProfile.PATH)) {
      text.append(APPLE);
    }
    if (files.contains(StrongSwanProfile.PATH)) {
      text.append(STRONGSWAN.formatted(places(input)));
      if (files.contains(StrongSwanProfile.SETTINGS)) {
        text.append(STRONGSWAN_SETTINGS);
      }
    }
    if (files.contains(NetworkManagerProfile.path(input))) {
      text.append(
          NETWORK_MANAGER.formatted(
              NetworkManagerProfile.folder(input), NetworkManagerProfile.path(input)));
    }
    if (files.contains(AndroidProfile.PATH)) {
      text.append(ANDROID);
    }
    return text.toString();
  }

  private static String places(PackageInput input) {
    if (input.login().byRadiusCertificate()) {
      return "put your certificate into strongSwan/x509/client.pem and its\n    private key into"
          + " strongSwan/private/client.pem, ";
    }
    return input.login().byCertificate() ? "" : PLACES;
  }

  private static String withoutOpenVpn(PackageInput input) {
    return """
    VPN profile %s for gateway %s (%s)

    %s
    """
        .formatted(
            input.profile(),
            input.gateway(),
            input.server().address(),
            input.login().byRadiusCertificate()
                ? "You log in with the certificate that your organisation has given you; neither it nor its"
                    + "\nprivate key is in this package. The servers that you show it to have theirs from"
                    + "\nGeneric/RadiusServerRoot.cer."
                : !input.login().byCertificate()
                    ? "You log in with your user name and password; they are nowhere in this package."
                    : input.login().keyPair().isPresent()
                        ? "Your certificate and its private key are in Generic/client.p12; its password is with your"
                            + "\nadministrator. Whoever has this package is you: keep it to yourself."
                        : input.login().certificate().isPresent()
                            ? "Your certificate is in Generic/client.crt; the private key that you asked for it with is"
                                + "\nwith you alone."
                            : "You need a client certificate from your administrator.");
  }

  private static String openVpn(PackageInput input, boolean everyFormat, Set<String> files) {
    return """
    VPN profile %s for gateway %s (%s port %d)

    %s

    Windows, macOS, Linux, Android and iOS with an OpenVPN client (2.4 or later, or OpenVPN Connect 3):
      import OpenVPN/vpnconfig.ovpn and connect.
      From a shell: sudo openvpn --config OpenVPN/vpnconfig.ovpn
      Supported from: iOS 11.0, macOS 10.13.

    %s"""
        .formatted(
            input.profile(),
            input.gateway(),
            input.server().address(),
            input.server().port(),
            credential(input, files),
            otherClients(input, everyFormat, files));
  }

  private static String otherClients(PackageInput input, boolean everyFormat, Set<String> files) {
    if (input.login().entra().isPresent() && !everyFormat) {
      return NO_OTHER_CLIENTS;
    }
    if (!input.login().byCertificate()) {
      return PASSWORD_CLIENTS;
    }
    if (!everyFormat) {
      return NO_OTHER_CLIENTS;
    }
    return (files.contains(AzureVpnProfile.PATH) ? AZURE_BY_CERTIFICATE : "") + OTHER_CLIENTS;
  }

  private static String azureClients(String audience) {
    return EntraAudience.clientsOf(audience).stream()
        .map(
            client ->
                client == ClientPlatform.Linux ? "Linux (Ubuntu 20.04, 22.04)" : client.name())
        .sorted()
        .collect(Collectors.joining(", "));
  }

  private static String credential(PackageInput input, Set<String> files) {
    if (input.login().entra().isPresent()) {
      String audience = input.login().entra().orElseThrow().audience();
      return (files.contains(AzureVpnProfile.PATH)
              ? AZURE_CLIENT.formatted(azureClients(audience))
              : "")
          + ENTRA_TOKEN.formatted(audience);
    }
    if (input.login() instanceof PackageLogin.AtIssuer(boolean browser)) {
      return browser ? BROWSER : TOKEN;
    }
    if (!input.login().byCertificate()) {
      return "You log in with your user name and password; they are nowhere in this package. From a"
          + "\nshell, where your login asks for a code too: add --auth-retry interact.";
    }
    if (input.login().certificate().isPresent() && input.login().keyPair().isEmpty()) {
      return "Your certificate is in OpenVPN/vpnconfig.ovpn. Put the private key that you asked for it"
          + "\nwith in the place of $PRIVATEKEY there; it is nowhere in this package.";
    }
    return input.login().certificate().isPresent()
        ? "Your certificate and its private key are in OpenVPN/vpnconfig.ovpn. Whoever has that file"
            + "\nis you: keep it to yourself, and tell your administrator when it is lost."
        : "You need a client certificate from your administrator. Put it, with its private key, in"
            + "\nthe places of $CLIENTCERTIFICATE and $PRIVATEKEY in OpenVPN/vpnconfig.ovpn.";
  }
}
