package dev.p2s.clientprofile;

import dev.p2s.api.v1alpha1.ClientProfile;
import dev.p2s.api.v1alpha1.ClientProfileStatus;
import dev.p2s.clientprofile.formats.PackageInput.IssuedPair;
import dev.p2s.clientprofile.formats.ProfilePackage;
import dev.p2s.observability.ConditionEvents;
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
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
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

  private static final String IN_FORCE = "";
  private static final String DELETED = "Deleted";
  private static final String SUSPENDED = "Suspended";

  private final ProfileSources sources;
  private final Ledger ledger;
  private final ProfileCertificates certificates;
  private final StatusWriter<ClientProfile, ClientProfileStatus> writer;
  private final ProfileStatusFactory statuses;

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
    try {
      return writer.write(profile, judged(profile, context));
    } catch (IllegalArgumentException e) {
      return writer.write(
          profile,
          statuses.notReady(profile, false, ProfileReason.DurationInvalid, e.getMessage()));
    }
  }

  @Override
  public DeleteControl cleanup(ClientProfile profile, Context<ClientProfile> context) {
    move(profile, IN_FORCE, DELETED);
    move(profile, SUSPENDED, DELETED);
    return DeleteControl.defaultDelete();
  }

  private ClientProfileStatus judged(ClientProfile profile, Context<ClientProfile> context) {
    var ref = profile.getSpec().gatewayRef();
    String namespace = profile.getMetadata().getNamespace();
    if (ref.namespace() != null && !ref.namespace().equals(namespace)) {
      return statuses.notReady(
          profile,
          false,
          ProfileReason.NotAllowed,
          "spec.gatewayRef.namespace: gateway "
              + ref.namespace()
              + "/"
              + ref.name()
              + " takes profiles of its own namespace only");
    }
    var gateway = sources.gateway(namespace, ref.name());
    if (gateway.isEmpty()) {
      return statuses.notReady(
          profile,
          true,
          ProfileReason.GatewayNotFound,
          "spec.gatewayRef.name: there is no P2SGateway " + ref.name() + " in this namespace");
    }
    if (Boolean.TRUE.equals(profile.getSpec().suspended())) {
      move(profile, IN_FORCE, SUSPENDED);
      return statuses.notReady(
          profile, true, ProfileReason.Suspended, "what was issued is refused while suspended");
    }
    Optional<ProfileValidation.Refused> refused = ProfileValidation.check(profile, gateway.get());
    if (refused.isPresent()) {
      return statuses.notReady(profile, false, refused.get().reason(), refused.get().message());
    }
    move(profile, SUSPENDED, IN_FORCE);
    Optional<GatewayMaterial> material = sources.material(gateway.get());
    if (material.isEmpty()) {
      return statuses.notReady(
          profile,
          true,
          ProfileReason.GatewayNotReady,
          "gateway " + ref.name() + " has no address or no keys yet; see its status");
    }
    return packaged(profile, material.get(), context);
  }

  private ClientProfileStatus packaged(
      ClientProfile profile, GatewayMaterial gateway, Context<ClientProfile> context) {
    List<ResolvedRoot> roots =
        sources.roots(profile.getMetadata().getNamespace(), gateway.gateway());
    if (profile.getSpec().certificate() != null && profile.getSpec().certificate().none() != null) {
      Optional<X509Certificate> shown =
          roots.size() == 1 ? Optional.of(roots.getFirst().certificate()) : Optional.empty();
      return written(profile, gateway, Optional.empty(), shown, Optional.empty(), context);
    }
    return switch (RootChoice.of(profile, roots)) {
      case RootChoice.Refused refused ->
          statuses.notReady(profile, true, refused.reason(), refused.message());
      case RootChoice.Chosen chosen -> {
        IssuedPair pair = pair(profile, gateway.gateway(), chosen.root());
        yield written(
            profile,
            gateway,
            Optional.of(chosen.root().name()),
            Optional.of(chosen.root().certificate()),
            Optional.of(pair),
            context);
      }
    };
  }

  private IssuedPair pair(ClientProfile profile, String gateway, ResolvedRoot root) {
    Optional<IssuedPair> present =
        sources
            .secret(profile.getMetadata().getNamespace(), ProfileSecret.nameFor(profile))
            .flatMap(ProfileSecret::issuedPair)
            .filter(pair -> certificates.fits(pair, profile, root.authority().orElseThrow()));
    return present.orElseGet(
        () -> {
          IssuedPair issued = certificates.issue(profile, root.authority().orElseThrow());
          ledger.record(
              profile.getMetadata().getNamespace(),
              gateway,
              root.name(),
              ProfileCertificates.entry(profile, Pem.parseCertificate(issued.certificatePem())));
          return issued;
        });
  }

  private ClientProfileStatus written(
      ClientProfile profile,
      GatewayMaterial gateway,
      Optional<String> root,
      Optional<X509Certificate> clientRoot,
      Optional<IssuedPair> pair,
      Context<ClientProfile> context) {
    ProfilePackage files =
        ProfilePackage.render(
            gateway.packageFor(profile.getMetadata().getName(), clientRoot, pair));
    byte[] zip = files.zip();
    sources.owned().apply(ProfileSecret.of(profile, files, zip, pair), context);
    return statuses.ready(
        profile,
        files,
        zip,
        root,
        pair.map(p -> Pem.parseCertificate(p.certificatePem())),
        gateway);
  }

  private void move(ClientProfile profile, String from, String to) {
    ledger.move(
        profile.getMetadata().getNamespace(),
        profile.getSpec().gatewayRef().name(),
        profile.getMetadata().getNamespace(),
        profile.getMetadata().getName(),
        from,
        to);
  }
}
