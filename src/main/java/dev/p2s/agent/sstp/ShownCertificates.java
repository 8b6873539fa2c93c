package dev.p2s.agent.sstp;

import dev.p2s.agent.session.ClientCertificate;
import dev.p2s.agent.session.ClientCertificate.Thumbprints;
import dev.p2s.pki.CertificateAuthority;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/** Chains that the endpoint has verified, as credentials. */
public final class ShownCertificates {

  private ShownCertificates() {}

  /**
   * @param chain DER, from the client's own up to a root
   * @throws IllegalArgumentException where it is none
   */
  public static ClientCertificate of(List<byte[]> chain) {
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      List<X509Certificate> certificates = new ArrayList<>();
      for (byte[] each : chain) {
        certificates.add(
            (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(each)));
      }
      if (certificates.isEmpty()) {
        throw new IllegalArgumentException("a chain has a certificate");
      }
      X509Certificate own = certificates.getFirst();
      return new ClientCertificate(
          CertificateAuthority.commonName(own).orElse(own.getSubjectX500Principal().getName()),
          certificates.stream().map(Thumbprints::of).toList());
    } catch (CertificateException e) {
      throw new IllegalArgumentException("is no chain of certificates", e);
    }
  }
}
