package dev.p2s.pki;

import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.DERIA5String;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;

/** Where a certificate says that its issuer's revocation list is (RFC 5280 §4.2.1.13). */
public final class DistributionPoints {

  private static final int LONGEST = 1024;

  private DistributionPoints() {}

  /** The http and https addresses in the certificate's order; empty where it names none. */
  public static List<String> of(X509Certificate certificate) {
    byte[] extension = certificate.getExtensionValue(Extension.cRLDistributionPoints.getId());
    if (extension == null) {
      return List.of();
    }
    List<String> addresses = new ArrayList<>();
    try {
      CRLDistPoint points =
          CRLDistPoint.getInstance(ASN1OctetString.getInstance(extension).getOctets());
      for (DistributionPoint point : points.getDistributionPoints()) {
        DistributionPointName name = point.getDistributionPoint();
        if (name != null && name.getType() == DistributionPointName.FULL_NAME) {
          for (GeneralName each : GeneralNames.getInstance(name.getName()).getNames()) {
            if (each.getTagNo() == GeneralName.uniformResourceIdentifier) {
              addresses.add(DERIA5String.getInstance(each.getName()).getString());
            }
          }
        }
      }
    } catch (RuntimeException e) {
      // an extension that nobody can read names nothing
      return List.of();
    }
    return addresses.stream().filter(DistributionPoints::isFetched).distinct().toList();
  }

  private static boolean isFetched(String address) {
    try {
      URI uri = URI.create(address);
      return address.length() <= LONGEST
          && uri.getHost() != null
          && ("http".equalsIgnoreCase(uri.getScheme())
              || "https".equalsIgnoreCase(uri.getScheme()));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
