package dev.p2s.rootcertificate;

import dev.p2s.api.v1alpha1.RootCertificate;
import dev.p2s.api.v1alpha1.RootCertificateStatus;
import dev.p2s.dataplane.AgentReport;
import dev.p2s.pki.CertificateReader;
import dev.p2s.pki.Thumbprint;
import dev.p2s.status.Conditions;
import java.time.Clock;
import java.util.List;

/** What the status of a RootCertificate says. */
final class RootStatusFactory {

  private final Clock clock;

  RootStatusFactory(Clock clock) {
    this.clock = clock;
  }

  RootCertificateStatus of(
      RootCertificate root,
      RootResolver.Outcome outcome,
      boolean gatewayExists,
      boolean counts,
      int profiles,
      List<AgentReport.RevocationList> lists) {
    Conditions conditions =
        new Conditions(
            root.getStatus() == null ? null : root.getStatus().conditions(),
            root.getMetadata().getGeneration(),
            clock.instant());
    return switch (outcome) {
      case RootResolver.Outcome.Resolved resolved -> {
        known(conditions, root, resolved.root(), gatewayExists, counts);
        ResolvedRoot known = resolved.root();
        if (counts && gatewayExists) {
          known.revocation().ifPresent(source -> ListCondition.tell(conditions, source, lists));
        }
        yield new RootCertificateStatus(
            root.getMetadata().getGeneration(),
            conditions.list(),
            CertificateReader.shown(known.certificate().getSubjectX500Principal()),
            Thumbprint.sha1(known.certificate()).hex().toUpperCase(java.util.Locale.ROOT),
            known.certificate().getNotAfter().toInstant().toString(),
            profiles,
            known.authority().isPresent());
      }
      case RootResolver.Outcome.Refused refused ->
          refused(conditions, root, refused.reason(), refused.message(), profiles);
      case RootResolver.Outcome.KeyMissing missing ->
          refused(
              conditions,
              root,
              RootReason.SourceNotFound,
              "Secret " + missing.secretName() + " is not there yet",
              profiles);
    };
  }

  private static void known(
      Conditions conditions,
      RootCertificate root,
      ResolvedRoot known,
      boolean gatewayExists,
      boolean counts) {
    String gateway = root.getSpec().gatewayRef().name();
    if (!counts) {
      String message =
          "gateway "
              + gateway
              + " has "
              + RootRanking.LIMIT
              + " older roots, the most that a gateway takes; remove one of them";
      conditions.no(Conditions.ACCEPTED, RootReason.TooManyRoots, message);
      conditions.no(Conditions.READY, RootReason.TooManyRoots, message);
      return;
    }
    conditions.yes(Conditions.ACCEPTED, RootReason.Accepted, accepted(known));
    if (gatewayExists) {
      conditions.yes(
          Conditions.READY,
          RootReason.Ready,
          "gateway " + gateway + " admits clients whose certificate it issued");
    } else {
      conditions.no(
          Conditions.READY,
          RootReason.GatewayNotFound,
          "spec.gatewayRef.name: there is no P2SGateway " + gateway + " in this namespace");
    }
  }

  private static String accepted(ResolvedRoot known) {
    String what =
        CertificateReader.isSelfIssued(known.certificate())
            ? "a root certificate"
            : "an issuing certificate, taken as trust anchor as it is: whoever it issued is admitted,"
                + " others of "
                + CertificateReader.shown(known.certificate().getIssuerX500Principal())
                + " are not";
    List<String> leftOut = known.issuing().leftOut();
    return leftOut.isEmpty()
        ? what
        : what
            + "; of spec.intermediates it goes without "
            + String.join(", ", leftOut)
            + ": renew them";
  }

  private static RootCertificateStatus refused(
      Conditions conditions,
      RootCertificate root,
      RootReason reason,
      String message,
      int profiles) {
    conditions.no(Conditions.ACCEPTED, reason, message);
    conditions.no(Conditions.READY, reason, message);
    return new RootCertificateStatus(
        root.getMetadata().getGeneration(), conditions.list(), null, null, null, profiles, false);
  }
}
