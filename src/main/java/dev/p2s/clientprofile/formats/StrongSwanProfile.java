package dev.p2s.clientprofile.formats;

import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.ikev2.Proposals;
import dev.p2s.pki.Pem;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * {@code strongSwan/}: a directory for strongSwan's swanctl as it is ({@code SWANCTL_DIR}), with
 * the certificate in it where one was issued, and places for name and password where people log in
 * with these.
 */
final class StrongSwanProfile {

  private static final String FOLDER = "strongSwan/";

  static final String PATH = FOLDER + "swanctl.conf";

  /** What swanctl cannot say of one connection: charon's own patience, for all of a machine's. */
  static final String SETTINGS = FOLDER + "strongswan.d/p2s.conf";

  private static final String PATIENCE =
      """
      # For /etc/strongswan.d, then swanctl --reload-settings: a gateway that does not answer is given up
      # after 10 s (strongSwan's own patience is 165 s) and dialled anew. It holds for all of this
      # machine's IKE connections.
      charon {
        retransmit_timeout = 2.0
        retransmit_base = 1.5
        retransmit_tries = 2
      }
      """;

  private static final String OWN_CERTIFICATE =
      "# x509/client.pem is your certificate, private/client.pem its private key";
  private static final String OWN_LOGIN =
      "# put your user name and password in the places of $USERNAME (twice) and $PASSWORD";
  private static final String OWN_RADIUS_CERTIFICATE =
      "# put your certificate into x509/client.pem and its private key into private/client.pem";
  // the server that is shown the certificate is another than the gateway: its root counts, not a
  // name
  private static final String BY_RADIUS_CERTIFICATE =
      "      auth = eap-tls\n      certs = client.pem\n      aaa_id = \"%any\"";
  private static final String BY_CERTIFICATE = "      auth = pubkey\n      certs = client.pem";
  private static final String BY_LOGIN = "      auth = eap\n      eap_id = \"$USERNAME\"";
  private static final String SECRET =
      """
      secrets {
        eap {
          id = "$USERNAME"
          secret = "$PASSWORD"
        }
      }
      """;

  private StrongSwanProfile() {}

  /** Texts by path. */
  static Map<String, String> files(PackageInput input) {
    Map<String, String> files = new LinkedHashMap<>();
    files.put(PATH, configuration(input));
    if (input.login().byCertificate()) {
      // a RADIUS server may ask somebody's phone while the gateway does not answer
      files.put(SETTINGS, PATIENCE);
    }
    files.put(FOLDER + "x509ca/gateway.pem", Pem.certificate(input.server().authority()));
    List<X509Certificate> servers =
        input.login().radius().map(RadiusLogin::serverRoots).orElse(List.of());
    for (int i = 0; i < servers.size(); i++) {
      files.put(FOLDER + "x509ca/radius-" + i + ".pem", Pem.certificate(servers.get(i)));
    }
    input
        .login()
        .certificate()
        .ifPresent(pair -> files.put(FOLDER + "x509/client.pem", pair.certificatePem()));
    input
        .login()
        .keyPair()
        .ifPresent(pair -> files.put(FOLDER + "private/client.pem", pair.keyPem()));
    return files;
  }

  private static String configuration(PackageInput input) {
    GatewayState.Ikev2 ikev2 = input.ikev2().orElseThrow();
    return """
    %s
    connections {
      %s {
        version = 2
        remote_addrs = %s
        vips = %s
        mobike = yes
        # comes back by itself: a silent gateway is noticed, and dialled until it answers
        dpd_delay = 5s
        keyingtries = 0
        proposals = %s
        local {
    %s
        }
        remote {
          auth = pubkey
          id = %s
          cacerts = gateway.pem
        }
        children {
          net {
            remote_ts = %s
            esp_proposals = %s
            dpd_action = restart
          }
        }
      }
    }
    %s"""
        .formatted(
            input.login().byCertificate()
                ? OWN_CERTIFICATE
                : input.login().byRadiusCertificate() ? OWN_RADIUS_CERTIFICATE : OWN_LOGIN,
            input.gateway(),
            input.server().address(),
            input.network().ipv6() ? "0.0.0.0, ::" : "0.0.0.0",
            listed(Proposals.ike(ikev2.ikePolicies())),
            input.login().byCertificate()
                ? BY_CERTIFICATE
                : input.login().byRadiusCertificate() ? BY_RADIUS_CERTIFICATE : BY_LOGIN,
            input.server().name(),
            listed(input.network().routes()),
            listed(Proposals.esp(ikev2.ipsecPolicies())),
            input.login().byCertificate() || input.login().byRadiusCertificate() ? "" : SECRET);
  }

  private static String listed(List<?> values) {
    return values.stream().map(Object::toString).collect(Collectors.joining(","));
  }
}
