package dev.p2s.agent.session;

import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.pki.Thumbprint;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A client certificate whose chain a TLS server has verified: the credential of certificate
 * authentication.
 *
 * @param commonName who it names
 * @param chain thumbprints from the client's own certificate up to the anchor, at least one
 */
public record ClientCertificate(String commonName, List<Thumbprints> chain) implements Credential {

  /**
   * @param sha1 40 lower-case hexadecimal digits
   * @param sha256 64 lower-case hexadecimal digits
   * @param serial what its issuer calls it by; null where nobody has told
   */
  public record Thumbprints(String sha1, String sha256, BigInteger serial) {

    /** Of a certificate whose number is not known. */
    public Thumbprints(String sha1, String sha256) {
      this(sha1, sha256, null);
    }

    public static Thumbprints of(X509Certificate certificate) {
      return new Thumbprints(
          Thumbprint.sha1(certificate).hex(),
          Thumbprint.sha256(certificate).hex(),
          certificate.getSerialNumber());
    }
  }

  public ClientCertificate {
    chain = List.copyOf(chain);
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("a certificate has a chain of at least itself");
    }
  }

  /** The client's own certificate. */
  public Thumbprints own() {
    return chain.getFirst();
  }

  @Override
  public AuthenticationType method() {
    return AuthenticationType.Certificate;
  }

  @Override
  public String user() {
    return commonName;
  }

  @Override
  public String addressKey() {
    return own().sha256();
  }

  @Override
  public String thumbprint() {
    return own().sha256();
  }

  @Override
  public Optional<Instant> until() {
    return Optional.empty();
  }

  /** What the chain ends in. */
  public Thumbprints anchor() {
    return chain.getLast();
  }
}
