package dev.p2s.clientprofile;

import dev.p2s.api.v1alpha1.ClientProfile;
import dev.p2s.api.v1alpha1.ClientProfileSpec;
import dev.p2s.clientprofile.IssuedCertificates.Issued;
import dev.p2s.clientprofile.formats.PackageLogin.IssuedPair;
import dev.p2s.pki.CertificateAuthority;
import dev.p2s.pki.CertificateRequest;
import dev.p2s.pki.KeyKind;
import dev.p2s.pki.Pem;
import dev.p2s.pki.Thumbprint;
import dev.p2s.rootcertificate.GoDuration;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Decides whether the certificate of a profile still fits, and issues the next. */
final class ProfileCertificates {

  private static final Duration DURATION = Duration.ofHours(2160);
  private static final Duration RENEW_BEFORE = Duration.ofHours(720);

  private final Clock clock;
  private final SecureRandom random;

  ProfileCertificates(Clock clock, SecureRandom random) {
    this.clock = clock;
    this.random = random;
  }

  /** Whom the certificate names: the spec's user, else the profile. */
  static String user(ClientProfile profile) {
    return profile.getSpec().user() == null
        ? profile.getMetadata().getName()
        : profile.getSpec().user();
  }

  /**
   * Whether a pair may go on being handed out. It may not where its certificate was taken back: the
   * Secret of a profile that was deleted and made again is collected a moment later only. Nor may
   * it where it was made for another key than the spec's request is for.
   *
   * @param issued what the ledgers say of the profile
   */
  boolean fits(
      IssuedPair pair, ClientProfile profile, CertificateAuthority authority, List<Issued> issued) {
    try {
      X509Certificate certificate = Pem.parseCertificate(pair.certificatePem());
      certificate.verify(authority.certificate().getPublicKey());
      String sha256 = Thumbprint.sha256(certificate).hex();
      return issued.stream()
              .noneMatch(known -> known.sha256().equals(sha256) && known.reason().isPresent())
          && clock.instant().isBefore(renewAt(certificate, profile))
          && Pem.certificate(certificate).equals(pair.certificatePem())
          && requestedKey(profile)
              .map(key -> !pair.holdsKey() && key.equals(certificate.getPublicKey()))
              .orElse(pair.holdsKey())
          && CertificateAuthority.commonName(certificate).equals(Optional.of(user(profile)));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return false;
    }
  }

  IssuedPair issue(ClientProfile profile, CertificateAuthority authority) {
    Optional<PublicKey> requested = requestedKey(profile);
    if (requested.isPresent()) {
      return new IssuedPair(
          Pem.certificate(
              authority.issueClient(
                  user(profile), requested.get(), duration(profile), clock.instant(), random)),
          "");
    }
    CertificateAuthority.Leaf leaf =
        authority.issueClient(
            user(profile), KeyKind.RSA_2048, duration(profile), clock.instant(), random);
    return new IssuedPair(Pem.certificate(leaf.certificate()), Pem.key(leaf.key()));
  }

  static Issued entry(ClientProfile profile, X509Certificate certificate) {
    return new Issued(
        profile.getMetadata().getNamespace(),
        profile.getMetadata().getName(),
        Thumbprint.sha256(certificate).hex(),
        certificate.getSerialNumber().toString(16),
        certificate.getNotAfter().toInstant().toString(),
        "",
        user(profile));
  }

  /** When the next certificate is issued; the one before goes on being admitted to its end. */
  static Instant renewAt(X509Certificate certificate, ClientProfile profile) {
    Instant from = certificate.getNotBefore().toInstant();
    Instant to = certificate.getNotAfter().toInstant();
    Instant asked = to.minus(renewBefore(profile));
    // a life shorter than the margin would be renewed for ever
    Instant half = from.plus(Duration.between(from, to).dividedBy(2));
    return asked.isBefore(half) ? half : asked;
  }

  /**
   * @throws IllegalArgumentException naming the field, where a duration cannot be read
   */
  static Duration duration(ClientProfile profile) {
    return named(
        "spec.certificate.issued.duration",
        issued(profile).map(ClientProfileSpec.Issued::duration),
        DURATION);
  }

  static Duration renewBefore(ClientProfile profile) {
    return named(
        "spec.certificate.issued.renewBefore",
        issued(profile).map(ClientProfileSpec.Issued::renewBefore),
        RENEW_BEFORE);
  }

  private static Duration named(String field, Optional<String> text, Duration otherwise) {
    try {
      return text.map(GoDuration::parse).orElse(otherwise);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(field + ": " + e.getMessage(), e);
    }
  }

  /**
   * Whether a pair's key is not the one that the spec's request is for: the person has another now,
   * and nobody knows who has that one.
   */
  static boolean isForAnotherKey(IssuedPair pair, ClientProfile profile) {
    try {
      return requestedKey(profile)
          .filter(key -> !key.equals(Pem.parseCertificate(pair.certificatePem()).getPublicKey()))
          .isPresent();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /**
   * The key that a certificate is asked for; empty where one is made here.
   *
   * @throws IllegalArgumentException where the request cannot be used
   */
  static Optional<PublicKey> requestedKey(ClientProfile profile) {
    return Optional.ofNullable(profile.getSpec().certificate())
        .map(ClientProfileSpec.Certificate::csr)
        .map(csr -> CertificateRequest.key(Objects.requireNonNullElse(csr.pem(), "")));
  }

  static Optional<ClientProfileSpec.Issued> issued(ClientProfile profile) {
    return Optional.ofNullable(profile.getSpec().certificate())
        .map(ClientProfileSpec.Certificate::issued);
  }
}
