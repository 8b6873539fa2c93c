package dev.p2s.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.p2s.api.v1alpha1.P2SGateway;
import dev.p2s.api.v1alpha1.P2SGatewaySpec;
import dev.p2s.dataplane.StateSecret;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads what a reconciliation of a gateway needs, all of it before anything is decided. */
final class GatewayObserver {

  private final KubernetesClient client;
  private final GatewaySources sources;
  private final ClusterFactsReader facts;
  private final GatewayRoots roots;
  private final ReferencedTextsReader texts;
  private final CertificateOrders orders;
  private final Clock clock;

  GatewayObserver(
      KubernetesClient client,
      GatewaySources sources,
      ClusterFactsReader facts,
      GatewayRoots roots,
      CertificateOrders orders,
      Clock clock) {
    this.orders = orders;
    this.clock = clock;
    this.client = client;
    this.sources = sources;
    this.facts = facts;
    this.roots = roots;
    this.texts = new ReferencedTextsReader(client);
  }

  GatewayObservation observe(P2SGateway resource, List<P2SGateway> otherGateways) {
    String namespace = resource.getMetadata().getNamespace();
    String name = resource.getMetadata().getName();
    var owned = sources.owned();
    Map<Boolean, List<Pod>> byLeaving =
        owned
            .labelled(Pod.class, namespace, GatewayLabels.GATEWAY, name)
            .sorted(Comparator.comparing(pod -> pod.getMetadata().getName()))
            .collect(
                Collectors.partitioningBy(pod -> pod.getMetadata().getDeletionTimestamp() != null));
    List<Pod> pods = byLeaving.get(false);
    Optional<StatefulSet> set = owned.get(StatefulSet.class, namespace, name);
    List<Secret> secrets =
        owned.labelled(Secret.class, namespace, GatewayLabels.GATEWAY, name).toList();
    Optional<Secret> state = owned.get(Secret.class, namespace, StateSecret.nameFor(name));
    String serverName = serverName(resource);
    CertificateOrder order = orders.read(resource, serverName);
    return new GatewayObservation(
        facts.read(),
        otherGateways,
        roots.trusted(sources.rootsOf(namespace, name)),
        roots.issuedAndRevoked(secrets),
        texts.read(namespace, specs(resource, state)),
        state,
        owned.get(Service.class, namespace, name),
        owned
            .labelled(Service.class, namespace, GatewayLabels.GATEWAY, name)
            .filter(ReplicaServices::isOne)
            .toList(),
        sources.nodes().read(ResourceID.fromResource(resource)),
        pods,
        byLeaving.get(true),
        PodTrouble.of(pods, set.flatMap(s -> failedCreate(s, pods))),
        outdated(set, pods),
        owned.get(HorizontalPodAutoscaler.class, namespace, name),
        radiusSecrets(resource, state),
        suppliedCertificates(resource, state, order, serverName),
        order,
        sources.services().of(ResourceID.fromResource(resource), specs(resource, state)));
  }

  private SuppliedCertificates suppliedCertificates(
      P2SGateway resource, Optional<Secret> state, CertificateOrder order, String serverName) {
    String namespace = resource.getMetadata().getNamespace();
    String gateway = resource.getMetadata().getName();
    List<P2SGatewaySpec> specs = specs(resource, state);
    if (specs.stream().allMatch(spec -> SuppliedCertificates.name(gateway, spec).isEmpty())) {
      return SuppliedCertificates.NONE;
    }
    return SuppliedCertificates.read(
        gateway,
        resource.getSpec(),
        specs.stream().skip(1).findFirst(),
        state,
        name -> sources.secrets().get(namespace, name),
        serverName,
        order,
        clock.instant());
  }

  private String serverName(P2SGateway resource) {
    return sources
        .owned()
        .get(
            Secret.class,
            resource.getMetadata().getNamespace(),
            GatewayKeyRing.serverAuthorityName(resource.getMetadata().getName()))
        // a damaged Secret is told where the keys are made
        .map(kept -> GatewayStatePlan.text(kept, GatewayKeyRing.SERVER_NAME))
        .filter(name -> !name.isEmpty())
        .orElseGet(() -> GatewayKeyRing.newServerName(resource));
  }

  private RadiusSecrets radiusSecrets(P2SGateway resource, Optional<Secret> state) {
    String namespace = resource.getMetadata().getNamespace();
    Set<String> names = RadiusSecrets.names(resource.getSpec());
    SuppliedCertificates.name(resource.getMetadata().getName(), resource.getSpec())
        .ifPresent(names::add);
    Optional.ofNullable(resource.getSpec().tlsAuthSecretRef())
        .ifPresent(reference -> names.add(reference.name()));
    sources.secrets().watch(ResourceID.fromResource(resource), names);
    return RadiusSecrets.read(
        resource.getSpec(),
        specs(resource, state).stream().skip(1).findFirst(),
        state,
        name -> sources.secrets().get(namespace, name));
  }

  // where the newest spec is refused, the one before it goes on and needs what it names
  private static List<P2SGatewaySpec> specs(P2SGateway resource, Optional<Secret> state) {
    List<P2SGatewaySpec> specs = new ArrayList<>(List.of(resource.getSpec()));
    if (state.isPresent()) {
      try {
        specs.add(GatewayStatePlan.acceptedSpec(state.get()));
      } catch (JsonProcessingException e) {
        // the judge finds no accepted spec either
      }
    }
    return specs;
  }

  // A StatefulSet tells refused pods in events only.
  private Optional<String> failedCreate(StatefulSet set, List<Pod> pods) {
    if (pods.size() >= set.getSpec().getReplicas()) {
      return Optional.empty();
    }
    return client
        .v1()
        .events()
        .inNamespace(set.getMetadata().getNamespace())
        .withField("involvedObject.uid", set.getMetadata().getUid())
        .withField("reason", "FailedCreate")
        .list()
        .getItems()
        .stream()
        .max(Comparator.comparing(event -> Objects.toString(event.getLastTimestamp(), "")))
        .map(Event::getMessage);
  }

  private static List<String> outdated(Optional<StatefulSet> set, List<Pod> pods) {
    String newest =
        set.map(StatefulSet::getStatus).map(status -> status.getUpdateRevision()).orElse(null);
    if (newest == null) {
      return List.of();
    }
    return pods.stream()
        .filter(
            pod -> !newest.equals(pod.getMetadata().getLabels().get("controller-revision-hash")))
        .map(pod -> pod.getMetadata().getName())
        .toList();
  }
}
