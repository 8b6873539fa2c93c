package dev.p2s.agent.ikev2;

import dev.p2s.pki.CertificateAuthority;
import dev.p2s.pki.KeyKind;
import dev.p2s.pki.Thumbprint;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Roots that do not sign themselves: an issuing authority that was uploaded without the one above
 * it. OpenVPN takes it as an anchor; charon ends a chain at certificates that sign themselves and
 * nowhere else. So it gets a stand-in, with the same name and key and signed by an authority of the
 * agent's, which lives as long as the agent does and signs nothing else. Safe for use by several
 * threads.
 */
final class StandIns {

  private static final Duration VALIDITY = Duration.ofDays(3650);

  private final Instant begun;
  private final CertificateAuthority authority;
  private final Map<String, X509Certificate> standIns = new ConcurrentHashMap<>();
  private final Map<String, X509Certificate> meant = new ConcurrentHashMap<>();

  StandIns(Instant now, SecureRandom random) {
    begun = now;
    authority =
        CertificateAuthority.selfSigned(
            "P2S agent " + Long.toHexString(random.nextLong()),
            KeyKind.EC_P256,
            VALIDITY,
            now,
            random);
  }

  /** The agent's authority, which charon has to trust. */
  X509Certificate authority() {
    return authority.certificate();
  }

  /** Whether charon does not take a root as it is. */
  static boolean isNeededFor(X509Certificate root) {
    try {
      root.verify(root.getPublicKey());
      return false;
    } catch (GeneralSecurityException e) {
      return true;
    }
  }

  X509Certificate standInOf(X509Certificate root) {
    return standIns.computeIfAbsent(
        Thumbprint.sha256(root).hex(),
        thumbprint -> {
          X509Certificate standIn = authority.issueStandIn(root, VALIDITY, begun);
          meant.put(Thumbprint.sha256(standIn).hex(), root);
          return standIn;
        });
  }

  /** The root that a stand-in is for; any other certificate is itself. */
  X509Certificate meantBy(X509Certificate certificate) {
    return meant.isEmpty()
        ? certificate
        : meant.getOrDefault(Thumbprint.sha256(certificate).hex(), certificate);
  }
}
