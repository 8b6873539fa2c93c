package dev.p2s.agent.session;

import dev.p2s.agent.session.ClientCertificate.Thumbprints;
import dev.p2s.dataplane.GatewayState.TrustedRoot;
import dev.p2s.pki.CertificateRevocationList;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The revocation lists that the agent holds, as they are at one moment. A list says something of
 * certificates that its signer has issued, and of no others (RFC 5280 §6.3).
 *
 * @param byRoot by the root's SHA-256 thumbprint
 */
public record RevocationLists(Map<String, CertificateRevocationList> byRoot) {

  public static final RevocationLists NONE = new RevocationLists(Map.of());

  public RevocationLists {
    byRoot = Map.copyOf(byRoot);
  }

  /** Whether the certificate, or one between it and the root, is on the root's list. */
  boolean name(ClientCertificate certificate, TrustedRoot root) {
    CertificateRevocationList list = byRoot.get(root.sha256());
    if (root.crl() == null || list == null) {
      return false;
    }
    List<Thumbprints> chain = certificate.chain();
    for (int i = 0; i + 1 < chain.size(); i++) {
      if (chain.get(i + 1).sha256().equals(list.signer())
          && chain.get(i).serial() != null
          && list.revoked().contains(chain.get(i).serial())) {
        return true;
      }
    }
    return false;
  }

  /** Whether a certificate needs the word of a list and there is none that is valid now. */
  boolean leaveOpen(ClientCertificate certificate, TrustedRoot root, Instant now) {
    if (root.crl() == null || !root.crl().refuseWithout()) {
      return false;
    }
    CertificateRevocationList list = byRoot.get(root.sha256());
    return list == null
        || list.isStale(now)
        || certificate.own().serial() == null
        || certificate.chain().size() < 2
        || !certificate.chain().get(1).sha256().equals(list.signer());
  }
}
