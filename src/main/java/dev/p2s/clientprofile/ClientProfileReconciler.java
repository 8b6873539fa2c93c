package dev.p2s.clientprofile;

import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.api.v1alpha1.ClientPlatform;
import dev.p2s.api.v1alpha1.ClientProfile;
import dev.p2s.api.v1alpha1.ClientProfileSpec;
import dev.p2s.api.v1alpha1.ClientProfileStatus;
import dev.p2s.api.v1alpha1.P2SGateway;
import dev.p2s.clientprofile.IssuedCertificates.Issued;
import dev.p2s.clientprofile.IssuedCertificates.TakenBack;
import dev.p2s.clientprofile.formats.PackageLogin.IssuedPair;
import dev.p2s.clientprofile.formats.ProfilePackage;
import dev.p2s.observability.ConditionEvents;
import dev.p2s.pki.CertificateAuthority;
import dev.p2s.pki.Pem;
import dev.p2s.rootcertificate.ResolvedRoot;
import dev.p2s.rootcertificate.RootResolver;
import dev.p2s.status.StatusWriter;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.MaxReconciliationInterval;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Puts a person's package into a Secret, and takes back what it issued when the profile goes. */
// the default gives up after five attempts, and an API server may be away for longer
@GradualRetry(initialInterval = 500, maxInterval = 30_000, maxAttempts = 100_000)
@ControllerConfiguration(
    name = "clientprofile",
    informer = @Informer(comparableResourceVersions = false),
    maxReconciliationInterval =
        @MaxReconciliationInterval(interval = 5, timeUnit = TimeUnit.MINUTES))
public class ClientProfileReconciler implements Reconciler<ClientProfile>, Cleaner<ClientProfile> {

  private final ProfileSources sources;
  private final Ledger ledger;
  private final ProfileCertificates certificates;
  private final StatusWriter<ClientProfile, ClientProfileStatus> writer;
  private final ProfileStatusFactory statuses;
  private final SettledProfiles settled;

  public ClientProfileReconciler(
      KubernetesClient client,
      Clock clock,
      SecureRandom random,
      RootResolver resolver,
      ConditionEvents events) {
    this.sources = new ProfileSources(client, resolver);
    this.ledger = new Ledger(client, clock);
    this.certificates = new ProfileCertificates(clock, random);
    this.statuses = new ProfileStatusFactory(clock);
    this.settled = new SettledProfiles(clock);
    this.writer = new StatusWriter<>(ClientProfile::new, ClientProfileStatus::conditions, events);
  }

  @Override
  public List<EventSource<?, ClientProfile>> prepareEventSources(
      EventSourceContext<ClientProfile> context) {
    return sources.prepare(context);
  }

  @Override
  public UpdateControl<ClientProfile> reconcile(
      ClientProfile profile, Context<ClientProfile> context) {
    String uid = profile.getMetadata().getUid();
    List<String> versions = sources.versions(profile);
    if (settled.contains(uid, versions)) {
      return UpdateControl.noUpdate();
    }
    try {
      UpdateControl<ClientProfile> told = writer.write(profile, judged(profile, context));
      if (told.isNoUpdate()) {
        settled.add(uid, versions);
      }
      return told;
    } catch (IllegalArgumentException e) {
      return writer.write(
          profile,
          statuses.notReady(
              profile, false, ProfileReason.DurationInvalid, e.getMessage(), Optional.empty()));
    }
  }

  @Override
  public DeleteControl cleanup(ClientProfile profile, Context<ClientProfile> context) {
    if (profile.getSpec().onDelete() != ClientProfileSpec.OnDelete.Keep) {
      ledger.close(ProfileSources.gatewayOf(profile), profile);
    }
    return DeleteControl.defaultDelete();
  }

  private ClientProfileStatus judged(ClientProfile written, Context<ClientProfile> context) {
    ResourceID id = ProfileSources.gatewayOf(written);
    if (Boolean.TRUE.equals(written.getSpec().suspended())) {
      ledger.takeBack(id, written, TakenBack.Suspended, issued -> true);
    }
    Optional<P2SGateway> gateway =
        sources
            .gateway(id)
            .filter(
                found ->
                    AllowedNamespaces.allow(
                        found,
                        written.getMetadata().getNamespace(),
                        sources.labelsOfNamespace(written)));
    if (gateway.isEmpty()) {
      return withoutGateway(written, id);
    }
    ClientProfile profile = ProfileDefaults.completed(written, gateway.get());
    List<ResolvedRoot> roots = sources.roots(id);
    Optional<GatewayMaterial> material = sources.material(gateway.get());
    Optional<Staleness> stale =
        Staleness.of(
            profile.getStatus(), material, roots.stream().map(ResolvedRoot::name).toList());
    AuthenticationType authentication = ProfileValidation.authentication(profile, gateway.get());
    if (Boolean.TRUE.equals(profile.getSpec().suspended())
        && authentication == AuthenticationType.Certificate) {
      return statuses.notReady(
          profile,
          true,
          ProfileReason.Suspended,
          "what was issued is refused while suspended",
          stale);
    }
    Optional<ProfileValidation.Refused> refused = ProfileValidation.check(profile, gateway.get());
    if (refused.isPresent()) {
      return statuses.notReady(
          profile, false, refused.get().reason(), refused.get().message(), stale);
    }
    ledger.giveBack(id, profile);
    if (material.isEmpty()) {
      return statuses.notReady(
          profile,
          true,
          ProfileReason.GatewayNotReady,
          "gateway " + id.getName() + " has no address or no keys yet; see its status",
          stale);
    }
    if (authentication != AuthenticationType.Certificate) {
      return written(
          profile,
          material.get(),
          authentication,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          context);
    }
    return withCertificate(profile, material.get(), id, roots, stale, context);
  }

  // whether a gateway elsewhere is missing or closed is not for everybody to know
  private ClientProfileStatus withoutGateway(ClientProfile profile, ResourceID id) {
    String namespace = profile.getMetadata().getNamespace();
    if (id.getNamespace().equals(Optional.of(namespace))) {
      return statuses.notReady(
          profile,
          true,
          ProfileReason.GatewayNotFound,
          "spec.gatewayRef.name: there is no P2SGateway " + id.getName() + " in this namespace",
          Optional.empty());
    }
    if (sources.gateway(id).isPresent()) {
      ledger.takeBack(id, profile, TakenBack.NotAllowed, issued -> true);
    }
    return statuses.notReady(
        profile,
        false,
        ProfileReason.NotAllowed,
        "spec.gatewayRef.namespace: there is no P2SGateway "
            + id.getName()
            + " in namespace "
            + id.getNamespace().orElseThrow()
            + " that takes profiles of namespace "
            + namespace
            + "; its owner lists namespaces in spec.allowedProfiles, by All or by a Selector",
        Optional.empty());
  }

  private ClientProfileStatus withCertificate(
      ClientProfile profile,
      GatewayMaterial material,
      ResourceID gateway,
      List<ResolvedRoot> roots,
      Optional<Staleness> stale,
      Context<ClientProfile> context) {
    if (profile.getSpec().certificate() != null && profile.getSpec().certificate().none() != null) {
      Optional<X509Certificate> shown =
          roots.size() == 1 ? Optional.of(roots.getFirst().certificate()) : Optional.empty();
      return written(
          profile,
          material,
          AuthenticationType.Certificate,
          Optional.empty(),
          shown,
          Optional.empty(),
          context);
    }
    return switch (RootChoice.of(profile, roots)) {
      case RootChoice.Refused refused ->
          statuses.notReady(profile, true, refused.reason(), refused.message(), stale);
      case RootChoice.Chosen chosen ->
          written(
              profile,
              material,
              AuthenticationType.Certificate,
              Optional.of(chosen.root().name()),
              Optional.of(chosen.root().certificate()),
              Optional.of(pair(profile, gateway, chosen.root())),
              context);
    };
  }

  private IssuedPair pair(ClientProfile profile, ResourceID gateway, ResolvedRoot root) {
    CertificateAuthority authority = root.authority().orElseThrow();
    List<Issued> issued = ledger.of(gateway, profile);
    Optional<IssuedPair> present =
        sources
            .secret(profile.getMetadata().getNamespace(), ProfileSecret.nameFor(profile))
            .flatMap(ProfileSecret::issuedPair);
    IssuedPair pair =
        present
            .filter(held -> certificates.fits(held, profile, authority, issued))
            .orElseGet(() -> certificates.issue(profile, authority));
    Issued entry = ProfileCertificates.entry(profile, Pem.parseCertificate(pair.certificatePem()));
    if (issued.stream().noneMatch(known -> known.sha256().equals(entry.sha256()))) {
      ledger.record(gateway, root.name(), entry);
    }
    String user = ProfileCertificates.user(profile);
    if (issued.stream().anyMatch(known -> known.namesAnother(user))) {
      ledger.takeBack(gateway, profile, TakenBack.Replaced, known -> known.namesAnother(user));
    }
    if (present.filter(held -> ProfileCertificates.isForAnotherKey(held, profile)).isPresent()) {
      ledger.takeBack(
          gateway, profile, TakenBack.Replaced, known -> !known.sha256().equals(entry.sha256()));
    }
    return pair;
  }

  private ClientProfileStatus written(
      ClientProfile profile,
      GatewayMaterial gateway,
      AuthenticationType authentication,
      Optional<String> root,
      Optional<X509Certificate> clientRoot,
      Optional<IssuedPair> pair,
      Context<ClientProfile> context) {
    Set<ClientPlatform> clients =
        ProfileValidation.platforms(profile, gateway.tunnels(), authentication);
    ProfilePackage files =
        ProfilePackage.render(
            gateway.packageFor(profile.getMetadata().getName(), authentication, clientRoot, pair),
            clients);
    byte[] zip = files.zip();
    sources.owned().apply(ProfileSecret.of(profile, files, zip, pair), context);
    return statuses.ready(
        profile,
        files,
        zip,
        root,
        pair.map(p -> Pem.parseCertificate(p.certificatePem())),
        gateway,
        authentication,
        clients);
  }
}
