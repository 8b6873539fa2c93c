package dev.p2s.agent.revocation;

import dev.p2s.agent.AtomicFile;
import dev.p2s.dataplane.AgentReport;
import dev.p2s.dataplane.AgentReport.RevocationList.Freshness;
import dev.p2s.dataplane.GatewayState.TrustedRoot;
import dev.p2s.pki.CertificateReader;
import dev.p2s.pki.CertificateRevocationList;
import dev.p2s.pki.Pem;
import dev.p2s.pki.Thumbprint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/** One root's list: the newest that was ever had, and how fetching the next one goes. */
final class KeptList {

  private static final Logger LOG = Logger.getLogger(KeptList.class);

  /**
   * What an attempt to fetch has brought.
   *
   * @param list verified; empty where there is none
   * @param bytes what it was read from
   * @param problem why there is none, for a person; empty where there is one
   */
  record Fetched(Optional<CertificateRevocationList> list, byte[] bytes, String problem) {}

  private final TrustedRoot root;
  private final List<X509Certificate> issuers;
  private final Path file;

  private CertificateRevocationList held;
  private String problem = "";
  private Instant failingSince;
  private int failures;
  private Instant next;
  private boolean fetching;

  /**
   * @param file where it outlives the agent
   * @throws IllegalArgumentException where the root or an intermediate is no certificate
   */
  KeptList(TrustedRoot root, Path file, Instant now) {
    this.root = root;
    this.issuers = root.issuers().stream().map(Pem::parseCertificate).toList();
    this.file = file;
    this.next = now;
    load(now);
  }

  TrustedRoot root() {
    return root;
  }

  Optional<CertificateRevocationList> held() {
    return Optional.ofNullable(held);
  }

  boolean isDue(Instant now) {
    return !fetching && !now.isBefore(next);
  }

  void begun() {
    fetching = true;
  }

  /** Fetches; on any thread, since it changes nothing. */
  Fetched fetch(ListSource source, Instant now) {
    String why = "";
    for (String url : root.crl().urls()) {
      try {
        byte[] bytes = source.fetch(url);
        CertificateRevocationList list = CertificateRevocationList.read(bytes, issuers, now);
        if (!list.isStale(now)) {
          return new Fetched(Optional.of(list), bytes, "");
        }
        why = url + " has a list that ended at " + list.nextUpdate();
      } catch (IOException e) {
        why = e.getMessage();
      } catch (IllegalArgumentException e) {
        why = "what is at " + url + " " + e.getMessage();
      }
    }
    return new Fetched(Optional.empty(), new byte[0], why);
  }

  /**
   * Takes what an attempt has brought.
   *
   * @return whether another list counts from now on
   */
  boolean take(Fetched fetched, Instant now) {
    fetching = false;
    if (fetched.list().isEmpty()) {
      failed(fetched.problem(), now);
      return false;
    }
    CertificateRevocationList list = fetched.list().get();
    if (held != null && list.thisUpdate().isBefore(held.thisUpdate())) {
      // http: whoever answers may have kept a list of the time before somebody was taken back
      failed("a list of " + list.thisUpdate() + " came, older than the one that counts", now);
      return false;
    }
    if (!problem.isEmpty()) {
      LOG.infof("the revocation list of %s can be had again", root.name());
    }
    problem = "";
    failingSince = null;
    failures = 0;
    next = FetchTimes.afterSuccess(now, list.nextUpdate());
    boolean another = !list.equals(held);
    held = list;
    if (another) {
      LOG.infof(
          "the revocation list of %s is of %s and names %d certificates",
          root.name(), list.thisUpdate(), list.revoked().size());
      keep(fetched.bytes());
    }
    return another;
  }

  AgentReport.RevocationList report(Instant now) {
    Freshness freshness =
        held == null ? Freshness.MISSING : held.isStale(now) ? Freshness.STALE : Freshness.FRESH;
    return new AgentReport.RevocationList(
        root.name(),
        freshness,
        held == null ? "" : signer(),
        held == null ? null : held.thisUpdate(),
        held == null ? null : held.nextUpdate(),
        held == null ? 0 : held.revoked().size(),
        problem,
        failingSince);
  }

  private String signer() {
    return issuers.stream()
        .filter(issuer -> Thumbprint.sha256(issuer).hex().equals(held.signer()))
        .map(issuer -> CertificateReader.shown(issuer.getSubjectX500Principal()))
        .findFirst()
        .orElse("");
  }

  private void failed(String why, Instant now) {
    if (problem.isEmpty()) {
      failingSince = now;
    }
    if (!why.equals(problem)) {
      LOG.warnf("the revocation list of %s cannot be had: %s", root.name(), why);
    }
    problem = why;
    failures++;
    next = FetchTimes.afterFailure(now, failures);
  }

  private void load(Instant now) {
    try {
      if (Files.exists(file) && Files.size(file) <= CertificateRevocationList.LIMIT) {
        held = CertificateRevocationList.read(Files.readAllBytes(file), issuers, now);
      }
    } catch (IOException | IllegalArgumentException e) {
      LOG.warnf("the kept revocation list of %s is not used: %s", root.name(), e.getMessage());
    }
  }

  private void keep(byte[] bytes) {
    try {
      Files.createDirectories(file.getParent());
      AtomicFile.write(file, bytes);
    } catch (IOException e) {
      // It counts; an agent that is started anew has to fetch it again.
      LOG.warnf("the revocation list of %s is not kept: %s", root.name(), e.getMessage());
    }
  }
}
