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
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What wakes the profiles' reconciler, and what it reads. */
final class ProfileSources {

  /** What a gateway's material was read from, so that it is read once for all its profiles. */
  private record Known(List<String> versions, Optional<GatewayMaterial> material) {}

  private final OwnedResources<ClientProfile> owned;
  private final Map<ResourceID, Known> materials = new ConcurrentHashMap<>();
  private final RootResolver resolver;
  private InformerEventSource<P2SGateway, ClientProfile> gateways;
  private InformerEventSource<RootCertificate, ClientProfile> roots;
  private InformerEventSource<Namespace, ClientProfile> namespaces;

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
    namespaces =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(Namespace.class, ClientProfile.class)
                .withName("namespaces")
                .withWatchAllNamespaces()
                .withComparableResourceVersion(false)
                .withSecondaryToPrimaryMapper(namespace -> guestsOf(context, namespace))
                .build(),
            context);
    return Stream.concat(owned.eventSources().stream(), Stream.of(gateways, roots, namespaces))
        .toList();
  }

  OwnedResources<ClientProfile> owned() {
    return owned;
  }

  /** The gateway that a profile names, in its own namespace or in the one that it says. */
  static ResourceID gatewayOf(ClientProfile profile) {
    var ref = profile.getSpec().gatewayRef();
    return new ResourceID(
        ref.name(),
        Objects.requireNonNullElse(ref.namespace(), profile.getMetadata().getNamespace()));
  }

  Optional<P2SGateway> gateway(ResourceID id) {
    return gateways.get(id);
  }

  /** The labels of a profile's namespace, by which gateways elsewhere select it. */
  Map<String, String> labelsOfNamespace(ClientProfile profile) {
    return namespaces
        .get(new ResourceID(profile.getMetadata().getNamespace()))
        .map(namespace -> namespace.getMetadata().getLabels())
        .orElse(Map.of());
  }

  Optional<Secret> secret(String namespace, String name) {
    return owned.get(Secret.class, namespace, name);
  }

  Optional<GatewayMaterial> material(P2SGateway gateway) {
    String namespace = gateway.getMetadata().getNamespace();
    String name = gateway.getMetadata().getName();
    Optional<Secret> state = secret(namespace, StateSecret.nameFor(name));
    Optional<Secret> authority = secret(namespace, name + "-server-ca");
    List<String> versions =
        Stream.of(Optional.of(gateway), state, authority)
            .map(object -> object.map(ProfileSources::version).orElse(""))
            .toList();
    ResourceID id = ResourceID.fromResource(gateway);
    Known known = materials.get(id);
    if (known == null || !known.versions().equals(versions)) {
      known = new Known(versions, GatewayMaterial.of(gateway, state, authority));
      materials.keySet().removeIf(other -> gateways.get(other).isEmpty());
      materials.put(id, known);
    }
    return known.material();
  }

  /** Of the profile and of all objects in the caches that it depends on. */
  List<String> versions(ClientProfile profile) {
    ResourceID id = gatewayOf(profile);
    String where = id.getNamespace().orElseThrow();
    Stream<Optional<? extends HasMetadata>> others =
        Stream.of(
            Optional.of(profile),
            gateways.get(id),
            namespaces.get(new ResourceID(profile.getMetadata().getNamespace())),
            secret(profile.getMetadata().getNamespace(), ProfileSecret.nameFor(profile)),
            secret(where, StateSecret.nameFor(id.getName())),
            secret(where, id.getName() + "-server-ca"));
    return Stream.concat(
            others.map(object -> object.map(ProfileSources::version).orElse("")),
            rootsOf(id).map(ProfileSources::version).sorted())
        .toList();
  }

  private Stream<RootCertificate> rootsOf(ResourceID gateway) {
    return roots.list(
        gateway.getNamespace().orElseThrow(),
        root -> gateway.getName().equals(root.getSpec().gatewayRef().name()));
  }

  private static String version(HasMetadata object) {
    return object.getMetadata().getUid() + " " + object.getMetadata().getResourceVersion();
  }

  /** The gateway's accepted roots. */
  List<ResolvedRoot> roots(ResourceID gateway) {
    return RootRanking.counting(rootsOf(gateway).toList()).stream()
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
    ResourceID id = new ResourceID(gateway, namespace);
    return context
        .getPrimaryCache()
        .list(profile -> id.equals(gatewayOf(profile)))
        .map(ResourceID::fromResource)
        .collect(Collectors.toSet());
  }

  // profiles whose gateway is elsewhere: its owner may have selected them by these labels
  private static Set<ResourceID> guestsOf(
      EventSourceContext<ClientProfile> context, Namespace namespace) {
    String name = namespace.getMetadata().getName();
    return context
        .getPrimaryCache()
        .list(name, profile -> !gatewayOf(profile).getNamespace().equals(Optional.of(name)))
        .map(ResourceID::fromResource)
        .collect(Collectors.toSet());
  }
}
