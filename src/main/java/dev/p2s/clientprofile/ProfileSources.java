package dev.p2s.clientprofile;

import dev.p2s.api.v1alpha1.ClientProfile;
import dev.p2s.api.v1alpha1.P2SGateway;
import dev.p2s.api.v1alpha1.RootCertificate;
import dev.p2s.apply.OwnedResources;
import dev.p2s.dataplane.StateSecret;
import dev.p2s.gateway.GatewayLabels;
import dev.p2s.rootcertificate.ResolvedRoot;
import dev.p2s.rootcertificate.RootRanking;
import dev.p2s.rootcertificate.RootResolver;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What wakes the profiles' reconciler, and what it reads. */
final class ProfileSources {

  private final OwnedResources<ClientProfile> owned;
  private final RootResolver resolver;
  private InformerEventSource<P2SGateway, ClientProfile> gateways;
  private InformerEventSource<RootCertificate, ClientProfile> roots;

  ProfileSources(KubernetesClient client, RootResolver resolver) {
    this.owned =
        new OwnedResources<>(
            client, ClientProfile.class, GatewayLabels.MANAGED_BY + "=" + GatewayLabels.OPERATOR);
    this.resolver = resolver;
  }

  List<EventSource<?, ClientProfile>> prepare(EventSourceContext<ClientProfile> context) {
    owned.watch(Secret.class, context, secret -> profilesOf(context, secret));
    gateways =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(P2SGateway.class, ClientProfile.class)
                .withName("gateways")
                .withComparableResourceVersion(false)
                .withSecondaryToPrimaryMapper(
                    gateway ->
                        profilesOf(
                            context,
                            gateway.getMetadata().getNamespace(),
                            gateway.getMetadata().getName()))
                .build(),
            context);
    roots =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(RootCertificate.class, ClientProfile.class)
                .withName("roots")
                .withComparableResourceVersion(false)
                .withSecondaryToPrimaryMapper(
                    root ->
                        profilesOf(
                            context,
                            root.getMetadata().getNamespace(),
                            root.getSpec().gatewayRef().name()))
                .build(),
            context);
    return Stream.concat(owned.eventSources().stream(), Stream.of(gateways, roots)).toList();
  }

  OwnedResources<ClientProfile> owned() {
    return owned;
  }

  Optional<P2SGateway> gateway(String namespace, String name) {
    return gateways.get(new ResourceID(name, namespace));
  }

  Optional<Secret> secret(String namespace, String name) {
    return owned.get(Secret.class, namespace, name);
  }

  Optional<GatewayMaterial> material(P2SGateway gateway) {
    String namespace = gateway.getMetadata().getNamespace();
    String name = gateway.getMetadata().getName();
    return GatewayMaterial.of(
        gateway,
        secret(namespace, StateSecret.nameFor(name)),
        secret(namespace, name + "-server-ca"));
  }

  /** The gateway's accepted roots. */
  List<ResolvedRoot> roots(String namespace, String gateway) {
    return RootRanking.counting(
            roots
                .list(namespace, root -> gateway.equals(root.getSpec().gatewayRef().name()))
                .toList())
        .stream()
        .map(resolver::resolve)
        .filter(RootResolver.Outcome.Resolved.class::isInstance)
        .map(outcome -> ((RootResolver.Outcome.Resolved) outcome).root())
        .toList();
  }

  private static Set<ResourceID> profilesOf(
      EventSourceContext<ClientProfile> context, Secret secret) {
    String namespace = secret.getMetadata().getNamespace();
    String profile = secret.getMetadata().getLabels().get(ProfileSecret.PROFILE);
    if (profile != null) {
      return Set.of(new ResourceID(profile, namespace));
    }
    String gateway = secret.getMetadata().getLabels().get(GatewayLabels.GATEWAY);
    return gateway == null || IssuedCertificates.isLedger(secret)
        ? Set.of()
        : profilesOf(context, namespace, gateway);
  }

  private static Set<ResourceID> profilesOf(
      EventSourceContext<ClientProfile> context, String namespace, String gateway) {
    return context
        .getPrimaryCache()
        .list(namespace, profile -> gateway.equals(profile.getSpec().gatewayRef().name()))
        .map(ResourceID::fromResource)
        .collect(Collectors.toSet());
  }
}
