package dev.p2s.clientprofile;

import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.api.v1alpha1.ClientPlatform;
import dev.p2s.api.v1alpha1.ClientProfile;
import dev.p2s.api.v1alpha1.ClientProfileStatus;
import dev.p2s.clientprofile.formats.ProfilePackage;
import dev.p2s.dataplane.Sha256;
import dev.p2s.pki.Thumbprint;
import dev.p2s.status.Conditions;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What the status of a ClientProfile says. */
final class ProfileStatusFactory {

  /** False while the package lacks formats that it would have elsewhere. */
  static final String COMPLETE = "Complete";

  /** True while the package does not fit the gateway and cannot be written anew. */
  static final String STALE = "Stale";

  private final Clock clock;

  ProfileStatusFactory(Clock clock) {
    this.clock = clock;
  }

  /**
   * Refused, or waiting for something: what was handed out before stays as it is.
   *
   * @param stale whether what was handed out still fits the gateway
   */
  ClientProfileStatus notReady(
      ClientProfile profile,
      boolean accepted,
      ProfileReason reason,
      String message,
      Optional<Staleness> stale) {
    Conditions conditions = conditions(profile);
    if (accepted) {
      conditions.yes(Conditions.ACCEPTED, ProfileReason.Accepted, "the profile is allowed");
    } else {
      conditions.no(Conditions.ACCEPTED, reason, message);
    }
    conditions.no(Conditions.READY, reason, message);
    stale.ifPresent(why -> conditions.yes(STALE, why.reason(), why.message()));
    ClientProfileStatus before = profile.getStatus();
    return new ClientProfileStatus(
        profile.getMetadata().getGeneration(),
        conditions.list(),
        before == null ? null : before.secretName(),
        before == null ? null : before.files(),
        before == null ? null : before.fetch(),
        before == null ? null : before.rootName(),
        before == null ? null : before.certificate(),
        before == null ? null : before.packageHash(),
        before == null ? null : before.gatewayHash(),
        before == null ? null : before.programmedGeneration(),
        before == null ? profile.getSpec().user() : before.user(),
        before == null ? null : before.authenticationType(),
        before == null ? null : before.clients());
  }

  ClientProfileStatus ready(
      ClientProfile profile,
      ProfilePackage files,
      byte[] zip,
      Optional<String> root,
      Optional<X509Certificate> certificate,
      GatewayMaterial gateway,
      AuthenticationType authentication,
      Set<ClientPlatform> clients) {
    Conditions conditions = conditions(profile);
    conditions.yes(Conditions.ACCEPTED, ProfileReason.Accepted, "the profile is allowed");
    conditions.yes(
        Conditions.READY,
        ProfileReason.Ready,
        "the package connects to " + gateway.address() + " port " + gateway.port());
    if (!files.leftOut().isEmpty()) {
      conditions.no(
          COMPLETE,
          ProfileReason.PortNotNameable,
          "left out, since their formats cannot name port "
              + gateway.port()
              + ": "
              + String.join(", ", files.leftOut())
              + "; clients that need them dial 443 only, which every other exposure.type gives");
    }
    String secret = ProfileSecret.nameFor(profile);
    return new ClientProfileStatus(
        profile.getMetadata().getGeneration(),
        conditions.list(),
        secret,
        List.copyOf(files.files().keySet()),
        "kubectl get secret -n "
            + profile.getMetadata().getNamespace()
            + " "
            + secret
            + " -o go-template='{{index .data \""
            + ProfileSecret.ZIP
            + "\"}}' | base64 -d > "
            + profile.getMetadata().getName()
            + ".zip",
        root.orElse(null),
        certificate.map(c -> describe(profile, c)).orElse(null),
        Sha256.hex(zip),
        gateway.hash(),
        profile.getMetadata().getGeneration(),
        authentication == AuthenticationType.Certificate
            ? ProfileCertificates.user(profile)
            : profile.getSpec().user(),
        authentication,
        clients.stream().map(Enum::name).collect(Collectors.joining(",")));
  }

  private static ClientProfileStatus.Certificate describe(
      ClientProfile profile, X509Certificate certificate) {
    return new ClientProfileStatus.Certificate(
        certificate.getSerialNumber().toString(16),
        Thumbprint.sha1(certificate).hex().toUpperCase(Locale.ROOT),
        certificate.getNotAfter().toInstant().toString(),
        ProfileCertificates.renewAt(certificate, profile).toString());
  }

  private Conditions conditions(ClientProfile profile) {
    return new Conditions(
        profile.getStatus() == null ? null : profile.getStatus().conditions(),
        profile.getMetadata().getGeneration(),
        clock.instant());
  }
}
