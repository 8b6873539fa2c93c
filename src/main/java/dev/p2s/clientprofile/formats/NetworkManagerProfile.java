package dev.p2s.clientprofile.formats;

import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.ikev2.Proposals;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/**
 * {@code NetworkManager/<gateway>.nmconnection}: a keyfile for Linux desktops with NetworkManager's
 * strongSwan plugin. Certificates and keys are read from where the person puts the package's {@code
 * strongSwan/} folder.
 */
final class NetworkManagerProfile {

  private NetworkManagerProfile() {}

  /** Where the keyfile looks for what it names. */
  static String folder(PackageInput input) {
    return "/etc/p2s/" + input.gateway();
  }

  static String path(PackageInput input) {
    return "NetworkManager/" + input.gateway() + ".nmconnection";
  }

  static String render(PackageInput input) {
    GatewayState.Ikev2 ikev2 = input.ikev2().orElseThrow();
    String folder = folder(input);
    return """
    [connection]
    id=%1$s
    uuid=%2$s
    type=vpn
    autoconnect=false

    [vpn]
    service-type=org.freedesktop.NetworkManager.strongswan
    address=%3$s
    remote-identity=%4$s
    certificate=%5$s/x509ca/gateway.pem
    %6$s
    virtual=yes
    encap=no
    ipcomp=no
    proposal=yes
    ike=%7$s
    esp=%8$s
    remote-ts=%9$s

    [ipv4]
    method=auto
    never-default=%10$s

    [ipv6]
    %11$s
    """
        .formatted(
            input.gateway(),
            UUID.nameUUIDFromBytes(
                (input.server().name() + "/" + input.profile() + "/networkmanager")
                    .getBytes(StandardCharsets.UTF_8)),
            input.server().address(),
            input.server().name(),
            folder,
            input.login().byCertificate()
                ? String.join(
                    "\n",
                    "method=cert",
                    "cert-source=file",
                    "usercert=" + folder + "/x509/client.pem",
                    "userkey=" + folder + "/private/client.pem")
                // 1: the desktop asks the person and keeps it for them
                : "method=eap\npassword-flags=1",
            listed(Proposals.ike(ikev2.ikePolicies())),
            listed(Proposals.esp(ikev2.ipsecPolicies())),
            listed(input.network().routes()),
            !input.network().everything(),
            input.network().ipv6()
                ? "method=auto\nnever-default=" + !input.network().everything()
                : "method=disabled");
  }

  /** A keyfile's lists end each item with a semicolon; the plugin takes them between, too. */
  private static String listed(List<?> values) {
    return String.join(";", values.stream().map(Object::toString).toList());
  }
}
