package dev.p2s.clusterapi;

import dev.p2s.pki.CertificateAuthority;
import dev.p2s.pki.KeyKind;
import dev.p2s.pki.Pem;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the API server knows this server by: a CA of its own and a certificate of the Service's
 * name. PEM; the keys are never printed.
 */
record ServingKeys(String authority, String authorityKey, String certificate, String key) {

  private static final Duration AUTHORITY_VALIDITY = Duration.ofDays(20 * 365L);
  private static final Duration VALIDITY = Duration.ofDays(397);
  private static final Duration RENEW_BEFORE = Duration.ofDays(60);

  private static final String AUTHORITY = "ca.crt";
  private static final String AUTHORITY_KEY = "ca.key";
  private static final String CERTIFICATE = "tls.crt";
  private static final String KEY = "tls.key";

  /** New ones. */
  static ServingKeys made(String host, Instant now, SecureRandom random) {
    CertificateAuthority authority =
        CertificateAuthority.selfSigned(
            "P2S cluster API CA", KeyKind.EC_P256, AUTHORITY_VALIDITY, now, random);
    return issued(authority, host, now, random);
  }

  /** From a Secret's entries; empty where one of them is missing or damaged. */
  static Optional<ServingKeys> of(Map<String, String> entries) {
    try {
      ServingKeys keys =
          new ServingKeys(
              entries.getOrDefault(AUTHORITY, ""),
              entries.getOrDefault(AUTHORITY_KEY, ""),
              entries.getOrDefault(CERTIFICATE, ""),
              entries.getOrDefault(KEY, ""));
      Pem.parseCertificate(keys.certificate());
      Pem.parseKey(keys.key());
      keys.signer();
      return Optional.of(keys);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** As a Secret's entries. */
  Map<String, String> entries() {
    Map<String, String> entries = new TreeMap<>();
    entries.put(AUTHORITY, authority);
    entries.put(AUTHORITY_KEY, authorityKey);
    entries.put(CERTIFICATE, certificate);
    entries.put(KEY, key);
    return entries;
  }

  /** These, or with a new certificate of the same CA where the old one ends soon. */
  ServingKeys renewed(String host, Instant now, SecureRandom random) {
    X509Certificate present = Pem.parseCertificate(certificate);
    boolean lasts = present.getNotAfter().toInstant().isAfter(now.plus(RENEW_BEFORE));
    boolean fits = CertificateAuthority.commonName(present).filter(host::equals).isPresent();
    return lasts && fits ? this : issued(signer(), host, now, random);
  }

  @Override
  public String toString() {
    return "ServingKeys";
  }

  private CertificateAuthority signer() {
    return CertificateAuthority.matching(
        Pem.parseCertificate(authority), Pem.parseKey(authorityKey));
  }

  private static ServingKeys issued(
      CertificateAuthority authority, String host, Instant now, SecureRandom random) {
    CertificateAuthority.Leaf leaf =
        authority.issueServer(host, List.of(host), KeyKind.EC_P256, VALIDITY, now, random);
    return new ServingKeys(
        Pem.certificate(authority.certificate()),
        Pem.key(authority.key()),
        Pem.certificate(leaf.certificate()),
        Pem.key(leaf.key()));
  }
}
