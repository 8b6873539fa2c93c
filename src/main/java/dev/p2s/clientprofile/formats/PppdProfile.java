package dev.p2s.clientprofile.formats;

import dev.p2s.addressing.Cidr;
import dev.p2s.pki.Pem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * {@code Linux/}: a peers file of pppd that dials by sstpc, with all that it names: the gateway's
 * authority, the certificate and key where they were issued here, and the script that sets the
 * routes, since pppd sets none. Nothing in it is anybody's text: the identity that EAP begins with
 * is the profile's name, and the gateway goes by the certificate.
 */
final class PppdProfile {

  static final String FOLDER = "Linux/";

  private static final String BY_CERTIFICATE =
      """
      name %s
      need-peer-eap
      ca %2$s/gateway.pem
      cert %2$s/client.pem
      key %2$s/client.key
      # only the gateway's own certificate will do, not any of its authority
      remotename %3$s
      tls-verify-method name
      # dials again a second later, and gives up after five minutes at least
      holdoff 1
      maxfail 300
      """;

  private static final String BY_PASSWORD =
      """
      # put your user name and password in the places of $USERNAME and $PASSWORD
      name "$USERNAME"
      password "$PASSWORD"
      remotename %s
      refuse-eap
      refuse-pap
      refuse-chap
      refuse-mschap
      # dials again two seconds later; three failures in a row end it, before a wrong password locks an account
      holdoff 2
      maxfail 3
      """;

  private PppdProfile() {}

  /** Where the files look for one another. */
  static String folder(PackageInput input) {
    return "/etc/p2s/" + input.gateway() + "-sstp";
  }

  /** The peers file's name, by which pppd calls it. */
  static String path(PackageInput input) {
    return FOLDER + input.gateway();
  }

  /** What sstpc dials. */
  static String server(PackageInput input) {
    String address =
        input.server().address().indexOf(':') < 0
            ? input.server().address()
            : "[" + input.server().address() + "]";
    return address + ":" + input.server().port();
  }

  /** What takes the tunnel; a default route in two halves, which hide the other one for a while. */
  static List<Cidr> routed(PackageInput input) {
    return input.network().everything()
        ? List.of(Cidr.parse("0.0.0.0/1"), Cidr.parse("128.0.0.0/1"))
        : input.network().routes().stream().filter(Cidr::isIpv4).toList();
  }

  /** Texts by path. */
  static Map<String, String> files(PackageInput input) {
    Map<String, String> files = new LinkedHashMap<>();
    files.put(path(input), peer(input));
    files.put(FOLDER + "routes", routes(input));
    files.put(FOLDER + "gateway.pem", Pem.certificate(input.server().authority()));
    input
        .login()
        .certificate()
        .ifPresent(pair -> files.put(FOLDER + "client.pem", pair.certificatePem()));
    input.login().keyPair().ifPresent(pair -> files.put(FOLDER + "client.key", pair.keyPem()));
    return files;
  }

  private static String peer(PackageInput input) {
    String folder = folder(input);
    return """
    # SSTP by pppd and sstpc
    pty "sstpc --nolaunchpppd --ipparam %1$s --save-server-route --ca-cert %2$s/gateway.pem --host %3$s %4$s"
    plugin sstp-pppd-plugin.so
    sstp-sock /var/run/sstpc/sstpc-%1$s
    ipparam %1$s
    linkname %1$s
    ip-up-script %2$s/routes
    %5$susepeerdns
    noauth
    noipdefault
    nodefaultroute
    noipv6
    nobsdcomp
    nodeflate
    novj
    # goes on where the gateway lets it go, or has been silent for a quarter of a minute
    persist
    lcp-echo-interval 4
    lcp-echo-failure 3
    """
        .formatted(
            input.gateway(),
            folder,
            input.server().name(),
            server(input),
            input.login().byCertificate()
                ? BY_CERTIFICATE.formatted(input.profile(), folder, input.server().name())
                : BY_PASSWORD.formatted(input.server().name()));
  }

  private static String routes(PackageInput input) {
    return """
    #!/bin/sh
    # pppd runs it when the tunnel stands: interface, line, speed, own and the gateway's address
    %sif [ -x /etc/ppp/ip-up ]; then exec /etc/ppp/ip-up "$@"; fi
    """
        .formatted(
            routed(input).stream()
                .map(route -> "ip route replace " + route + " dev \"$1\"\n")
                .collect(Collectors.joining()));
  }
}
