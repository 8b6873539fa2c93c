package dev.p2s.agent.session;

import dev.p2s.api.v1alpha1.AuthenticationType;
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
   */
  public record Thumbprints(String sha1, String sha256) {}

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
