package dev.p2s.agent.ikev2;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.X500Name;

/**
 * How charon writes the names in a certificate, so that what it says of a client can be compared
 * with the certificates that it has asked about. What is not printable ASCII is a question mark to
 * it: two certificates may have the same name, and both are then taken into account.
 */
final class CharonName {

  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("2.5.4.3", "CN"),
          Map.entry("2.5.4.4", "SN"),
          Map.entry("2.5.4.5", "serialNumber"),
          Map.entry("2.5.4.6", "C"),
          Map.entry("2.5.4.7", "L"),
          Map.entry("2.5.4.8", "ST"),
          Map.entry("2.5.4.9", "STREET"),
          Map.entry("2.5.4.10", "O"),
          Map.entry("2.5.4.11", "OU"),
          Map.entry("2.5.4.12", "T"),
          Map.entry("2.5.4.13", "D"),
          Map.entry("2.5.4.17", "postalCode"),
          Map.entry("2.5.4.41", "N"),
          Map.entry("2.5.4.42", "G"),
          Map.entry("2.5.4.43", "I"),
          Map.entry("2.5.4.45", "ID"),
          Map.entry("2.5.4.46", "dnQualifier"),
          Map.entry("2.5.4.65", "pseudonym"),
          Map.entry("0.9.2342.19200300.100.1.1", "UID"),
          Map.entry("0.9.2342.19200300.100.1.25", "DC"),
          Map.entry("1.2.840.113549.1.9.1", "E"));

  private static final int EMAIL = 1;
  private static final int DNS = 2;
  private static final int IP = 7;

  private CharonName() {}

  /** Whether charon may mean this certificate by an identity. */
  static boolean fits(X509Certificate certificate, String identity) {
    return identity.equals(subject(certificate))
        || alternatives(certificate).stream().anyMatch(identity::equalsIgnoreCase);
  }

  /** The subject as charon writes it. */
  static String subject(X509Certificate certificate) {
    return Stream.of(
            X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded()).getRDNs())
        .flatMap(rdn -> Stream.of(rdn.getTypesAndValues()))
        .map(CharonName::attribute)
        .collect(Collectors.joining(", "));
  }

  private static String attribute(AttributeTypeAndValue attribute) {
    String type = attribute.getType().getId();
    return TYPES.getOrDefault(type, type) + "=" + printable(attribute.getValue());
  }

  private static String printable(ASN1Encodable value) {
    byte[] octets;
    if (value instanceof ASN1String text) {
      octets = text.getString().getBytes(StandardCharsets.UTF_8);
    } else {
      try {
        octets = value.toASN1Primitive().getEncoded(ASN1Encoding.DER);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
    StringBuilder shown = new StringBuilder();
    for (byte octet : octets) {
      shown.append(octet >= 0x20 && octet < 0x7f ? (char) octet : '?');
    }
    return shown.toString();
  }

  private static List<String> alternatives(X509Certificate certificate) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      return names == null
          ? List.of()
          : names.stream()
              .filter(name -> List.of(EMAIL, DNS, IP).contains(name.get(0)))
              .map(name -> String.valueOf(name.get(1)))
              .toList();
    } catch (CertificateParsingException e) {
      return List.of();
    }
  }
}
