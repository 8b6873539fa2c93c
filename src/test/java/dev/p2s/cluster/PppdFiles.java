package dev.p2s.cluster;

import dev.p2s.pki.CertificateAuthority;
import dev.p2s.pki.Pem;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/** What pppd and sstpc are given to dial the gateway {@code vpn/office}; texts by path. */
record PppdFiles(TestCluster cluster) {

  private static final String BY_CERTIFICATE =
      """
      name %s
      need-peer-eap
      ca /vpn/eap-ca.pem
      cert /vpn/client.pem
      key /vpn/client.key
      """;

  /** Shows a certificate to the gateway itself. */
  Map<String, String> certificate(CertificateAuthority.Leaf leaf) {
    return certificate(
        "alice", authority(), Pem.certificate(leaf.certificate()), Pem.key(leaf.key()));
  }

  /**
   * @param name as whom it dials
   * @param server PEM, the root of whom EAP-TLS ends at
   * @param own PEM, the certificate that is shown
   * @param key PEM, of that certificate
   */
  Map<String, String> certificate(String name, String server, String own, String key) {
    return files(
        BY_CERTIFICATE.formatted(name),
        Map.of("/vpn/eap-ca.pem", server, "/vpn/client.pem", own, "/vpn/client.key", key));
  }

  /** Says a password as alice, and does not do it by one of the ways. */
  Map<String, String> password(String password, String refused) {
    return files(
        "name alice\npassword \"" + password + "\"\nrefuse-pap\nrefuse-chap\n" + refused + "\n",
        Map.of());
  }

  private Map<String, String> files(String login, Map<String, String> more) {
    Map<String, String> files = new TreeMap<>(more);
    files.put("/vpn/ca.pem", authority());
    files.put(
        "/vpn/options",
        """
        pty "sstpc --ipparam p2s --nolaunchpppd --log-level 4 --log-stderr --ca-cert /vpn/ca.pem office.vpn.p2s:443"
        plugin sstp-pppd-plugin.so
        sstp-sock /var/run/sstpc/sstpc-p2s
        ipparam p2s
        noauth
        noipdefault
        nodefaultroute
        lcp-max-configure 15
        """
            + login);
    return files;
  }

  private String authority() {
    return new String(
        Base64.getDecoder()
            .decode(
                cluster
                    .client()
                    .secrets()
                    .inNamespace("vpn")
                    .withName("office-server-ca")
                    .get()
                    .getData()
                    .get("tls.crt")),
        StandardCharsets.UTF_8);
  }
}
