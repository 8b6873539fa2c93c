package dev.p2s.pki;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A server certificate that somebody brought, checked: what clients verify is in it.
 *
 * @param chain PEM of the certificate, and of intermediates after it
 * @param key PKCS#8 PEM; never printed
 * @param authority PEM of the root that packages carry
 */
public record SuppliedServerCertificate(String chain, String key, String authority) {

  private static final String SERVER_AUTHENTICATION = "1.3.6.1.5.5.7.3.1";

  /**
   * @param certificates PEM: the server's certificate, then intermediates
   * @param key PEM
   * @param roots PEM; the first counts
   * @param serverName the CN that packages verify
   * @throws IllegalArgumentException where clients would refuse it, or soon: a clause that says
   *     what is wrong and what to do, without the key
   */
  public static SuppliedServerCertificate of(
      String certificates, String key, String roots, String serverName, Instant now) {
    List<X509Certificate> chain = read("tls.crt", () -> Pem.parseCertificates(certificates));
    X509Certificate root = read("ca.crt", () -> Pem.parseCertificates(roots)).getFirst();
    X509Certificate server = chain.getFirst();
    PrivateKey parsed = read("tls.key", () -> Pem.parseKey(key));
    read("tls.key", () -> CertificateAuthority.matching(server, parsed));
    String commonName = CertificateAuthority.commonName(server).orElse("");
    if (!commonName.equals(serverName)) {
      throw new IllegalArgumentException(
          "entry tls.crt has the common name '"
              + printable(commonName)
              + "' and packages verify '"
              + serverName
              + "'; have it issued for CN="
              + serverName);
    }
    if (!now.isBefore(server.getNotAfter().toInstant())
        || now.isBefore(server.getNotBefore().toInstant())) {
      throw new IllegalArgumentException(
          "entry tls.crt is valid from "
              + server.getNotBefore().toInstant()
              + " to "
              + server.getNotAfter().toInstant()
              + "; renew it");
    }
    serverUse(server);
    path(chain, root, now);
    return new SuppliedServerCertificate(
        String.join("", chain.stream().map(Pem::certificate).toList()),
        Pem.key(parsed),
        Pem.certificate(root));
  }

  private static void serverUse(X509Certificate server) {
    try {
      List<String> uses = server.getExtendedKeyUsage();
      if (uses != null && uses.contains(SERVER_AUTHENTICATION)) {
        return;
      }
    } catch (GeneralSecurityException e) {
      // told below
    }
    throw new IllegalArgumentException(
        "entry tls.crt is not for servers; clients want the extended key usage serverAuth in it");
  }

  private static void path(List<X509Certificate> chain, X509Certificate root, Instant now) {
    try {
      PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(root, null)));
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(now));
      CertPathValidator.getInstance("PKIX")
          .validate(CertificateFactory.getInstance("X.509").generateCertPath(chain), parameters);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(
          "entry tls.crt does not lead to ca.crt; put intermediates after the certificate, and the"
              + " root that they end at into ca.crt");
    }
  }

  private static <T> T read(String entry, Supplier<T> reading) {
    try {
      return reading.get();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("entry " + entry + " " + e.getMessage());
    }
  }

  // a certificate is somebody's input too
  private static String printable(String text) {
    String shown =
        text.codePoints()
            .limit(64)
            .filter(c -> !Character.isISOControl(c))
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
    return shown.replaceAll("[\\u0085\\u2028\\u2029']", "");
  }

  @Override
  public String toString() {
    return "SuppliedServerCertificate";
  }
}
