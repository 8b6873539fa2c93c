package dev.p2s.pki;

import dev.p2s.addressing.Cidr;
import dev.p2s.addressing.Fqdn;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;

/**
 * What a gateway's server certificates have to be.
 *
 * @param serverName CN, which packages verify, and an alternative name, which IKEv2's identity is
 * @param alternativeNames every name and address that clients dial
 * @param validUntil they have to be valid at least until then
 */
public record ServerCertificates(
    String serverName, List<String> alternativeNames, Instant validUntil) {

  public ServerCertificates {
    alternativeNames =
        List.copyOf(
            Stream.concat(alternativeNames.stream(), Stream.of(serverName))
                .map(ServerCertificates::canonical)
                .collect(Collectors.toCollection(TreeSet::new)));
  }

  /** Whether a certificate may go on being used. */
  public boolean fits(X509Certificate certificate, CertificateAuthority authority) {
    try {
      certificate.verify(authority.certificate().getPublicKey());
      return certificate.getNotAfter().toInstant().isAfter(validUntil)
          && certificate.getSubjectX500Principal().getName().equals("CN=" + serverName)
          && names(certificate).containsAll(alternativeNames);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /**
   * What a server with this certificate says to be.
   *
   * @throws IllegalArgumentException where its CN is no name
   */
  public static Fqdn identity(X509Certificate certificate) {
    RDN[] names =
        X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded())
            .getRDNs(BCStyle.CN);
    if (names.length != 1) {
      throw new IllegalArgumentException("a server certificate names its server in one CN");
    }
    return Fqdn.parse(IETFUtils.valueToString(names[0].getFirst().getValue()));
  }

  // certificates print IPv6 addresses in full
  private static String canonical(String name) {
    return name.indexOf(':') < 0 ? name : Cidr.numeric(name).getHostAddress();
  }

  private static Set<String> names(X509Certificate certificate) throws GeneralSecurityException {
    Collection<List<?>> names = certificate.getSubjectAlternativeNames();
    return names == null
        ? Set.of()
        : names.stream().map(name -> String.valueOf(name.get(1))).collect(Collectors.toSet());
  }
}
