package dev.p2s.rootcertificate;

import dev.p2s.pki.CertificateAuthority;
import dev.p2s.pki.Pem;
import dev.p2s.pki.Thumbprint;
import java.security.cert.X509Certificate;
import java.util.Optional;

/**
 * A RootCertificate whose certificate is known.
 *
 * @param name the RootCertificate's name
 * @param certificate the root
 * @param authority with its key, where the operator holds it
 */
public record ResolvedRoot(
    String name, X509Certificate certificate, Optional<CertificateAuthority> authority) {

  public String pem() {
    return Pem.certificate(certificate);
  }

  public Thumbprint sha256() {
    return Thumbprint.sha256(certificate);
  }
}
