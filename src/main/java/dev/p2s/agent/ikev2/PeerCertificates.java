package dev.p2s.agent.ikev2;

import dev.p2s.agent.session.ClientCertificate;
import dev.p2s.agent.session.ClientCertificate.Thumbprints;
import dev.p2s.pki.IssuingCertificates;
import dev.p2s.pki.Thumbprint;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;

/**
 * The certificates that clients have shown to charon, by what an OCSP request names them by, and
 * when each was last said to be good. charon forgets all but some thirty; this remembers more. Safe
 * for use by several threads.
 */
final class PeerCertificates {

  private static final int MOST = 20_000;

  /** A chain that is longer is none. */
  private static final int LONGEST_CHAIN = 8;

  /** Between a certificate's check and its tunnel lie at most some round trips of EAP-TLS. */
  private static final Duration LATELY = Duration.ofSeconds(30);

  /**
   * A certificate with its chain.
   *
   * @param authority whether it may issue others: an intermediate, not a client's
   */
  record Known(X509Certificate certificate, ClientCertificate credential, boolean authority) {}

  private final StandIns standIns;
  private Set<String> anchors = Set.of();
  private final Map<String, Known> known =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
          return size() > MOST;
        }
      };
  private final Map<String, Instant> good = new LinkedHashMap<>();

  PeerCertificates(StandIns standIns) {
    this.standIns = standIns;
  }

  /**
   * From now on chains end at these roots, whether they sign themselves or not.
   *
   * @param roots SHA-256 thumbprints
   */
  synchronized void follow(Set<String> roots) {
    if (!roots.equals(anchors)) {
      anchors = Set.copyOf(roots);
      known.clear();
    }
  }

  /** Learns what can be chained to a root, or to a certificate that signs itself. */
  synchronized void learn(Collection<X509Certificate> certificates) {
    for (X509Certificate certificate : certificates) {
      issuer(certificate, certificates)
          .ifPresent(
              issuer -> {
                String name = OcspNames.of(issuer, certificate.getSerialNumber());
                if (!known.containsKey(name)) {
                  chain(certificate, certificates)
                      .ifPresent(
                          chain ->
                              known.put(
                                  name,
                                  new Known(
                                      certificate,
                                      new ClientCertificate(commonName(certificate), chain),
                                      certificate.getBasicConstraints() >= 0)));
                }
              });
    }
  }

  /**
   * @param name as {@link OcspNames} makes it
   */
  synchronized Optional<Known> named(String name) {
    return Optional.ofNullable(known.get(name));
  }

  /** The certificate was said to be good just now. */
  synchronized void approved(String name, Instant now) {
    good.values().removeIf(then -> Duration.between(then, now).compareTo(LATELY) > 0);
    good.put(name, now);
  }

  /** What a client of this identity may have shown; the same name may be in several. */
  synchronized List<ClientCertificate> shownBy(String identity, Instant now) {
    return good.entrySet().stream()
        .filter(entry -> Duration.between(entry.getValue(), now).compareTo(LATELY) <= 0)
        .map(entry -> known.get(entry.getKey()))
        .filter(shown -> shown != null && CharonName.fits(shown.certificate(), identity))
        .map(Known::credential)
        .toList();
  }

  private Optional<List<Thumbprints>> chain(
      X509Certificate certificate, Collection<X509Certificate> all) {
    List<Thumbprints> chain = new ArrayList<>();
    X509Certificate current = certificate;
    boolean stoodInFor = false;
    while (chain.size() < LONGEST_CHAIN) {
      String sha256 = Thumbprint.sha256(current).hex();
      chain.add(Thumbprints.of(current));
      if (stoodInFor || (chain.size() > 1 && anchors.contains(sha256))) {
        return Optional.of(chain);
      }
      Optional<X509Certificate> issuer = issuer(current, all);
      if (issuer.isEmpty()) {
        return Optional.empty();
      }
      if (issuer.get().equals(current)) {
        return Optional.of(chain);
      }
      current = standIns.meantBy(issuer.get());
      stoodInFor = !current.equals(issuer.get());
    }
    return Optional.empty();
  }

  private static Optional<X509Certificate> issuer(
      X509Certificate certificate, Collection<X509Certificate> all) {
    return all.stream()
        .filter(candidate -> IssuingCertificates.hasIssued(candidate, certificate))
        .findFirst();
  }

  private static String commonName(X509Certificate certificate) {
    RDN[] names =
        X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded())
            .getRDNs(BCStyle.CN);
    return names.length == 0
        ? certificate.getSubjectX500Principal().getName()
        : IETFUtils.valueToString(names[names.length - 1].getFirst().getValue());
  }
}
