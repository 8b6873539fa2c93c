package dev.p2s.agent.openvpn;

import dev.p2s.dataplane.GatewayState;
import dev.p2s.pki.CertificateReader;
import dev.p2s.pki.Pem;
import dev.p2s.pki.Thumbprint;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A certificate that openvpn may end a client's chain at: a root, or what stands between it and its
 * clients, so that these need not send it.
 *
 * @param root the RootCertificate's name
 * @param sha256 thumbprint, 64 lower-case hexadecimal digits
 * @param pem the certificate
 */
public record Anchor(String root, String sha256, String pem) {

  /** Every anchor of a state, each once. */
  public static List<Anchor> of(GatewayState state) {
    Map<String, Anchor> anchors = new LinkedHashMap<>();
    for (GatewayState.TrustedRoot root : state.allRoots()) {
      anchors.put(root.sha256(), new Anchor(root.name(), root.sha256(), root.pem()));
    }
    for (GatewayState.TrustedRoot root : state.allRoots()) {
      for (String pem : root.intermediates()) {
        String sha256 = Thumbprint.sha256(Pem.parseCertificate(pem)).hex();
        anchors.putIfAbsent(sha256, new Anchor(root.name(), sha256, pem));
      }
    }
    return new ArrayList<>(anchors.values());
  }

  /** Whether it is no root: a process that has it in memory ends chains there, not at its root. */
  boolean isIssuing() {
    // what cannot be read is refused where its file is written
    try {
      X509Certificate certificate = Pem.parseCertificate(pem);
      return certificate != null && !CertificateReader.isSelfIssued(certificate);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
