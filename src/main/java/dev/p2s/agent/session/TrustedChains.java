package dev.p2s.agent.session;

import dev.p2s.agent.session.ClientCertificate.Thumbprints;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.GatewayState.TrustedRoot;
import dev.p2s.pki.IssuingCertificates;
import dev.p2s.pki.Pem;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What stands between the roots of a state and their clients. A server that is given an issuing
 * certificate may end a client's chain there: the rest of the way to the root is known here.
 */
public final class TrustedChains {

  public static final TrustedChains NONE = new TrustedChains(Map.of());

  /** A way that is longer is none. */
  private static final int LONGEST = 8;

  private final Map<String, List<Thumbprints>> above;

  private TrustedChains(Map<String, List<Thumbprints>> above) {
    this.above = Map.copyOf(above);
  }

  /**
   * @throws IllegalArgumentException where what a chain or a list is verified with is no
   *     certificate
   */
  public static TrustedChains of(GatewayState state) {
    Map<String, List<Thumbprints>> above = new HashMap<>();
    for (TrustedRoot root : state.allRoots()) {
      if (!root.intermediates().isEmpty() || root.crl() != null) {
        List<X509Certificate> issuers = root.issuers().stream().map(Pem::parseCertificate).toList();
        for (X509Certificate one : issuers.subList(1, issuers.size())) {
          way(one, issuers).ifPresent(way -> above.putIfAbsent(Thumbprints.of(one).sha256(), way));
        }
      }
    }
    state.allRoots().forEach(root -> above.remove(root.sha256()));
    return new TrustedChains(above);
  }

  /** The same certificate with its chain up to the root, as far as that is known. */
  public Credential complete(Credential shown) {
    return shown instanceof ClientCertificate certificate
            && above.containsKey(certificate.anchor().sha256())
        ? completed(certificate)
        : shown;
  }

  private ClientCertificate completed(ClientCertificate certificate) {
    List<Thumbprints> chain = new ArrayList<>(certificate.chain());
    chain.addAll(above.get(certificate.anchor().sha256()));
    return new ClientCertificate(certificate.commonName(), chain);
  }

  /** From a certificate's issuer up to the root, which is the first of the issuers. */
  private static Optional<List<Thumbprints>> way(
      X509Certificate certificate, List<X509Certificate> issuers) {
    List<Thumbprints> way = new ArrayList<>();
    X509Certificate current = certificate;
    while (way.size() < LONGEST) {
      X509Certificate below = current;
      Optional<X509Certificate> issuer =
          issuers.stream()
              .filter(candidate -> IssuingCertificates.hasIssued(candidate, below))
              .findFirst();
      if (issuer.isEmpty() || issuer.get().equals(below)) {
        return Optional.empty();
      }
      current = issuer.get();
      way.add(Thumbprints.of(current));
      if (current.equals(issuers.getFirst())) {
        return Optional.of(way);
      }
    }
    return Optional.empty();
  }
}
