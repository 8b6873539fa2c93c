package dev.p2s.clientprofile.formats;

import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.ikev2.Proposals;
import dev.p2s.pki.Pem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * {@code strongSwan/}: a directory for strongSwan's swanctl as it is ({@code SWANCTL_DIR}), with
 * the certificate in it where one was issued.
 */
final class StrongSwanProfile {

  private static final String FOLDER = "strongSwan/";

  private StrongSwanProfile() {}

  /** Texts by path. */
  static Map<String, String> files(PackageInput input) {
    Map<String, String> files = new LinkedHashMap<>();
    files.put(FOLDER + "swanctl.conf", configuration(input));
    files.put(FOLDER + "x509ca/gateway.pem", Pem.certificate(input.serverAuthority()));
    input
        .certificate()
        .ifPresent(
            pair -> {
              files.put(FOLDER + "x509/client.pem", pair.certificatePem());
              files.put(FOLDER + "private/client.pem", pair.keyPem());
            });
    return files;
  }

  private static String configuration(PackageInput input) {
    GatewayState.Ikev2 ikev2 = input.ikev2().orElseThrow();
    return """
    # x509/client.pem is your certificate, private/client.pem its private key
    connections {
      %s {
        version = 2
        remote_addrs = %s
        vips = 0.0.0.0
        mobike = yes
        dpd_delay = 30s
        proposals = %s
        local {
          auth = pubkey
          certs = client.pem
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
    """
        .formatted(
            input.gateway(),
            input.address(),
            listed(Proposals.ike(ikev2.ikePolicies())),
            input.serverName(),
            listed(input.routes()),
            listed(Proposals.esp(ikev2.ipsecPolicies())));
  }

  private static String listed(List<?> values) {
    return values.stream().map(Object::toString).collect(Collectors.joining(","));
  }
}
