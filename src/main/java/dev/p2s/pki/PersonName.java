package dev.p2s.pki;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.x509.GeneralName;

/**
 * A person's name as an alternative name in their certificate. Some IKEv2 clients (Apple's) say who
 * they are by a mail address or a host name and nothing else, and their certificate has to say the
 * same.
 */
public final class PersonName {

  private static final Pattern MAIL =
      Pattern.compile("[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9][A-Za-z0-9.-]{0,189}");
  private static final Pattern HOST =
      Pattern.compile("(?=.*[A-Za-z])[A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?");

  private static final int MAIL_TYPE = 1;
  private static final int HOST_TYPE = 2;

  private PersonName() {}

  /** The alternative name; empty where the name fits neither form. */
  static Optional<GeneralName> alternative(String name) {
    if (MAIL.matcher(name).matches()) {
      return Optional.of(new GeneralName(GeneralName.rfc822Name, name));
    }
    return HOST.matcher(name).matches()
        ? Optional.of(new GeneralName(GeneralName.dNSName, name))
        : Optional.empty();
  }

  /** What a certificate's holder can say to be; empty where it has no such alternative name. */
  public static Optional<String> of(X509Certificate certificate) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      return names == null
          ? Optional.empty()
          : names.stream()
              .filter(name -> List.of(MAIL_TYPE, HOST_TYPE).contains(name.get(0)))
              .map(name -> (String) name.get(1))
              .filter(name -> alternative(name).isPresent())
              .findFirst();
    } catch (CertificateParsingException e) {
      return Optional.empty();
    }
  }
}
