package dev.p2s.rootcertificate;

import dev.p2s.api.v1alpha1.ClientProfile;
import dev.p2s.api.v1alpha1.P2SGateway;
import dev.p2s.api.v1alpha1.RootCertificate;
import dev.p2s.api.v1alpha1.RootCertificateStatus;
import dev.p2s.observability.ConditionEvents;
import dev.p2s.status.StatusWriter;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.MaxReconciliationInterval;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Makes a self-signed root's key where there is none yet, and tells what a root is. */
// the default gives up after five attempts, and an API server may be away for longer
@GradualRetry(initialInterval = 500, maxInterval = 30_000, maxAttempts = 100_000)
@ControllerConfiguration(
    name = "rootcertificate",
    informer = @Informer(comparableResourceVersions = false),
    maxReconciliationInterval =
        @MaxReconciliationInterval(interval = 1, timeUnit = TimeUnit.MINUTES))
public class RootCertificateReconciler implements Reconciler<RootCertificate> {

  private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

  private final RootResolver resolver;
  private final RootKeys keys;
  private final StatusWriter<RootCertificate, RootCertificateStatus> writer;
  private final RootStatusFactory statuses;
  private final ListReports lists;
  private final SimpleInboundEventSource<RootCertificate> reports =
      new SimpleInboundEventSource<>("list-reports");
  private InformerEventSource<P2SGateway, RootCertificate> gateways;
  private InformerEventSource<ClientProfile, RootCertificate> profiles;

  public RootCertificateReconciler(
      KubernetesClient client,
      Clock clock,
      SecureRandom random,
      RootResolver resolver,
      ListReports lists,
      ConditionEvents events) {
    this.resolver = resolver;
    this.lists = lists;
    this.keys = new RootKeys(client, clock, random);
    this.statuses = new RootStatusFactory(clock);
    this.writer =
        new StatusWriter<>(RootCertificate::new, RootCertificateStatus::conditions, events);
  }

  @Override
  public List<EventSource<?, RootCertificate>> prepareEventSources(
      EventSourceContext<RootCertificate> context) {
    gateways =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(P2SGateway.class, RootCertificate.class)
                .withName("gateways")
                .withComparableResourceVersion(false)
                .withSecondaryToPrimaryMapper(
                    gateway ->
                        rootsOf(
                            context,
                            gateway.getMetadata().getNamespace(),
                            gateway.getMetadata().getName()))
                .build(),
            context);
    profiles =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(ClientProfile.class, RootCertificate.class)
                .withName("profiles")
                .withComparableResourceVersion(false)
                .withSecondaryToPrimaryMapper(RootCertificateReconciler::rootOf)
                .build(),
            context);
    lists.listen(
        gateway ->
            rootsOf(context, gateway.getNamespace().orElseThrow(), gateway.getName())
                .forEach(reports::propagateEvent));
    return List.of(gateways, profiles, reports);
  }

  @Override
  public UpdateControl<RootCertificate> reconcile(
      RootCertificate root, Context<RootCertificate> context) {
    RootResolver.Outcome outcome = resolver.resolve(root);
    if (outcome instanceof RootResolver.Outcome.KeyMissing missing) {
      keys.make(root, missing.secretName());
      outcome = resolver.resolve(root);
    }
    String namespace = root.getMetadata().getNamespace();
    String gateway = root.getSpec().gatewayRef().name();
    List<RootCertificate> siblings =
        context
            .getPrimaryCache()
            .list(namespace, other -> gateway.equals(other.getSpec().gatewayRef().name()))
            .toList();
    boolean counts =
        RootRanking.counting(siblings).stream()
            .anyMatch(
                counted -> counted.getMetadata().getName().equals(root.getMetadata().getName()));
    RootCertificateStatus status =
        statuses.of(
            root,
            outcome,
            gateways.get(new ResourceID(gateway, namespace)).isPresent(),
            counts,
            (int) profiles.list(profile -> hangsOn(profile, root)).count(),
            lists.of(new ResourceID(gateway, namespace)).stream()
                .filter(list -> list.root().equals(root.getMetadata().getName()))
                .toList());
    UpdateControl<RootCertificate> told = writer.write(root, status);
    return outcome instanceof RootResolver.Outcome.Refused || !counts
        ? told.rescheduleAfter(LOOK_AGAIN)
        : told;
  }

  private static Set<ResourceID> rootsOf(
      EventSourceContext<RootCertificate> context, String namespace, String gateway) {
    return context
        .getPrimaryCache()
        .list(namespace, root -> gateway.equals(root.getSpec().gatewayRef().name()))
        .map(ResourceID::fromResource)
        .collect(Collectors.toSet());
  }

  private static Set<ResourceID> rootOf(ClientProfile profile) {
    return profile.getStatus() == null || profile.getStatus().rootName() == null
        ? Set.of()
        : Set.of(
            new ResourceID(
                profile.getStatus().rootName(),
                Objects.requireNonNullElse(
                    profile.getSpec().gatewayRef().namespace(),
                    profile.getMetadata().getNamespace())));
  }

  private static boolean hangsOn(ClientProfile profile, RootCertificate root) {
    return rootOf(profile).contains(ResourceID.fromResource(root));
  }
}
