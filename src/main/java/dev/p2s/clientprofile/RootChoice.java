package dev.p2s.clientprofile;

import dev.p2s.api.v1alpha1.ClientProfile;
import dev.p2s.api.v1alpha1.ClientProfileSpec;
import dev.p2s.rootcertificate.ResolvedRoot;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Which root issues a profile's certificate: the named one, else the only one that holds a key. */
sealed interface RootChoice {

  record Chosen(ResolvedRoot root) implements RootChoice {}

  record Refused(ProfileReason reason, String message) implements RootChoice {}

  static RootChoice of(ClientProfile profile, List<ResolvedRoot> rootsOfTheGateway) {
    Optional<String> asked =
        ProfileCertificates.issued(profile)
            .map(ClientProfileSpec.Issued::rootRef)
            .map(ClientProfileSpec.RootRef::name);
    return asked.isPresent()
        ? named(asked.get(), rootsOfTheGateway)
        : only(profile, rootsOfTheGateway);
  }

  private static RootChoice named(String name, List<ResolvedRoot> roots) {
    Optional<ResolvedRoot> root = roots.stream().filter(r -> r.name().equals(name)).findFirst();
    if (root.isEmpty()) {
      return new Refused(
          ProfileReason.RootNotFound,
          "spec.certificate.issued.rootRef.name: the gateway has no accepted RootCertificate "
              + name);
    }
    return root.get().authority().isPresent()
        ? new Chosen(root.get())
        : new Refused(
            ProfileReason.RootHoldsNoKey,
            "spec.certificate.issued.rootRef.name: RootCertificate "
                + name
                + " was uploaded, its key is elsewhere; name a selfSigned one or set"
                + " spec.certificate.none: {}");
  }

  private static RootChoice only(ClientProfile profile, List<ResolvedRoot> roots) {
    List<ResolvedRoot> withKey = roots.stream().filter(r -> r.authority().isPresent()).toList();
    return switch (withKey.size()) {
      case 1 -> new Chosen(withKey.getFirst());
      case 0 ->
          new Refused(
              ProfileReason.NoRootWithKey,
              "gateway "
                  + profile.getSpec().gatewayRef().name()
                  + " has no RootCertificate with a key to issue from; create one with selfSigned,"
                  + " or set spec.certificate.none: {} where people bring their own certificate");
      default ->
          new Refused(
              ProfileReason.SeveralRootsWithKey,
              "several RootCertificates hold a key ("
                  + withKey.stream().map(ResolvedRoot::name).collect(Collectors.joining(", "))
                  + "); name one in spec.certificate.issued.rootRef.name");
    };
  }
}
