package dev.p2s.clientprofile.formats;

import dev.p2s.addressing.Cidr;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * {@code NetworkManager/<gateway>-sstp.nmconnection}: a keyfile for Linux desktops with
 * NetworkManager's SSTP plugin (network-manager-sstp 1.3). Certificates and keys are read from
 * where the person puts the package's {@code Linux/} folder.
 */
final class NetworkManagerSstpProfile {

  private NetworkManagerSstpProfile() {}

  static String path(PackageInput input) {
    return "NetworkManager/" + input.gateway() + "-sstp.nmconnection";
  }

  static String render(PackageInput input) {
    String folder = PppdProfile.folder(input);
    StringBuilder routes = new StringBuilder();
    int number = 0;
    for (Cidr route : PppdProfile.routed(input)) {
      routes.append("route").append(++number).append('=').append(route).append('\n');
    }
    return """
    [connection]
    id=%1$s-sstp
    uuid=%2$s
    type=vpn
    autoconnect=false

    [vpn]
    service-type=org.freedesktop.NetworkManager.sstp
    gateway=%3$s
    ca-cert=%4$s/gateway.pem
    %5$s
    refuse-pap=yes
    refuse-chap=yes
    refuse-mschap=yes
    nobsdcomp=yes
    nodeflate=yes
    no-vj-comp=yes
    lcp-echo-interval=4
    lcp-echo-failure=3

    [ipv4]
    method=auto
    never-default=%7$s
    %6$s
    [ipv6]
    method=disabled
    """
        .formatted(
            input.gateway(),
            UUID.nameUUIDFromBytes(
                (input.server().name() + "/" + input.profile() + "/networkmanager-sstp")
                    .getBytes(StandardCharsets.UTF_8)),
            PppdProfile.server(input),
            folder,
            input.login().byCertificate()
                ? String.join(
                    "\n",
                    "connection-type=tls",
                    "tls-identity=" + input.profile(),
                    "tls-ca-cert=" + folder + "/gateway.pem",
                    "tls-user-cert=" + folder + "/client.pem",
                    "tls-user-key=" + folder + "/client.key",
                    "tls-verify-method=name",
                    "tls-remotename=" + input.server().name(),
                    // 4: there is none
                    "tls-user-key-secret-flags=4")
                // 1: the desktop asks the person and keeps it for them
                : "connection-type=password\npassword-flags=1\nrefuse-eap=yes",
            routes,
            !input.network().everything());
  }
}
