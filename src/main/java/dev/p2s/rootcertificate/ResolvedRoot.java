package dev.p2s.rootcertificate;

import dev.p2s.dataplane.RevocationSource;
import dev.p2s.pki.CertificateAuthority;
import dev.p2s.pki.IssuingCertificates;
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
 * @param issuing certificates below it that issue clients' too
 * @param revocation where its revocation list is; empty where none counts
 */
public record ResolvedRoot(
    String name,
    X509Certificate certificate,
    Optional<CertificateAuthority> authority,
    IssuingCertificates.Issuing issuing,
    Optional<RevocationSource> revocation) {

  /** A root with nothing below it and no list. */
  public ResolvedRoot(
      String name, X509Certificate certificate, Optional<CertificateAuthority> authority) {
    this(name, certificate, authority, IssuingCertificates.Issuing.NONE, Optional.empty());
  }

  public String pem() {
    return Pem.certificate(certificate);
  }

  /** The same root with what is below it and with its list. */
  ResolvedRoot with(IssuingCertificates.Issuing below, Optional<RevocationSource> list) {
    return new ResolvedRoot(name, certificate, authority, below, list);
  }

  public Thumbprint sha256() {
    return Thumbprint.sha256(certificate);
  }
}
