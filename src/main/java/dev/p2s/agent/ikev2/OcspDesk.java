package dev.p2s.agent.ikev2;

import dev.p2s.agent.ikev2.OcspSigner.Verdict;
import dev.p2s.agent.session.Admission;
import dev.p2s.agent.session.ClientCertificate;
import dev.p2s.agent.session.Refusal;
import dev.p2s.agent.session.RevocationLists;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.ikev2.ViciSection;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.OCSPReq;
import org.bouncycastle.cert.ocsp.Req;
import org.jboss.logging.Logger;

/**
 * Says of a certificate that a client shows to charon whether the gateway's state has anything
 * against it, while charon waits: the same {@link Admission} that decides on OpenVPN's clients. A
 * request names a certificate by number only; what it is, charon tells over vici.
 */
public final class OcspDesk {

  private static final Logger LOG = Logger.getLogger(OcspDesk.class);
  private static final long CHARON_ANSWERS_WITHIN_SECONDS = 3;

  /** With the time above it is shorter than charon waits for an answer. */
  private static final long LET_IN_WITHIN_SECONDS = 6;

  private final PeerCertificates certificates;
  private final OcspSigner signer;
  private final Supplier<CompletableFuture<List<ViciSection>>> charon;
  private final Supplier<Optional<GatewayState>> state;
  private final Supplier<RevocationLists> lists;
  private final Clock clock;
  private final AtomicBoolean refused = new AtomicBoolean();
  private volatile BiConsumer<ClientCertificate, Runnable> arrivals =
      (certificate, letIn) -> letIn.run();

  /**
   * @param charon asks for the certificates that charon has seen lately
   * @param state what is in force; read by several threads
   * @param lists what the roots' authorities have taken back; likewise
   */
  OcspDesk(
      PeerCertificates certificates,
      OcspSigner signer,
      Supplier<CompletableFuture<List<ViciSection>>> charon,
      Supplier<Optional<GatewayState>> state,
      Supplier<RevocationLists> lists,
      Clock clock) {
    this.certificates = certificates;
    this.signer = signer;
    this.charon = charon;
    this.state = state;
    this.lists = lists;
    this.clock = clock;
  }

  /**
   * @param listener told of every certificate that is welcome before charon is; it runs what it is
   *     given when charon may hear so
   */
  void tell(BiConsumer<ClientCertificate, Runnable> listener) {
    arrivals = listener;
  }

  /** Whether anything has been refused since this was asked last: charon remembers refusals. */
  boolean hasRefused() {
    return refused.getAndSet(false);
  }

  /** The answer to an OCSP request, DER. */
  byte[] answer(byte[] der) {
    OCSPReq request;
    try {
      request = new OCSPReq(der);
    } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
      // the last where a sequence is empty that must not be
      return signer.malformed();
    }
    Req[] asked = request.getRequestList();
    if (asked.length != 1) {
      return signer.malformed();
    }
    CertificateID id = asked[0].getCertID();
    Optional<Verdict> verdict = verdict(OcspNames.of(id));
    return verdict.isPresent()
        ? signer.answer(request, id, verdict.get(), clock.instant())
        : signer.tryLater();
  }

  private Optional<Verdict> verdict(String name) {
    Optional<GatewayState> now = state.get();
    if (now.isEmpty()) {
      return Optional.empty();
    }
    certificates.follow(
        now.get().allRoots().stream()
            .map(GatewayState.TrustedRoot::sha256)
            .collect(Collectors.toSet()));
    if (certificates.named(name).isEmpty()) {
      certificates.learn(shown());
    }
    Optional<PeerCertificates.Known> known = certificates.named(name);
    if (known.isEmpty()) {
      LOG.warn("charon asks about a certificate that it does not show; its client shall try again");
      return Optional.empty();
    }
    if (known.get().authority()) {
      return Optional.of(Verdict.GOOD);
    }
    Optional<Refusal> objection =
        Admission.objectionAtTheDoor(
            known.get().credential(), now.get(), lists.get(), clock.instant());
    if (objection.isPresent()) {
      LOG.infof(
          "IKEv2: the certificate %s is refused: %s",
          known.get().credential().thumbprint(), objection.get().reason());
      refused.set(true);
      return Optional.of(Verdict.REFUSED);
    }
    certificates.approved(name, clock.instant());
    awaitEntry(known.get().credential());
    return Optional.of(Verdict.GOOD);
  }

  private void awaitEntry(ClientCertificate certificate) {
    CompletableFuture<Boolean> entry = new CompletableFuture<>();
    arrivals.accept(certificate, () -> entry.complete(true));
    if (!entry.completeOnTimeout(false, LET_IN_WITHIN_SECONDS, TimeUnit.SECONDS).join()) {
      LOG.warnf("IKEv2: the certificate %s is not waited for", certificate.thumbprint());
    }
  }

  private Collection<X509Certificate> shown() {
    try {
      return read(charon.get().get(CHARON_ANSWERS_WITHIN_SECONDS, TimeUnit.SECONDS));
    } catch (ExecutionException | TimeoutException e) {
      LOG.warnf("charon does not show its certificates: %s", e.getMessage());
      return List.of();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }

  private static Collection<X509Certificate> read(List<ViciSection> shown) {
    List<X509Certificate> certificates = new ArrayList<>();
    Function<byte[], Optional<X509Certificate>> reader = OcspDesk::certificate;
    shown.forEach(entry -> entry.octets("data").flatMap(reader).ifPresent(certificates::add));
    return certificates;
  }

  private static Optional<X509Certificate> certificate(byte[] der) {
    try {
      return Optional.of(
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(der)));
    } catch (CertificateException e) {
      return Optional.empty();
    }
  }
}
