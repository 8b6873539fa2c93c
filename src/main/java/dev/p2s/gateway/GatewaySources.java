package dev.p2s.gateway;

import dev.p2s.api.v1alpha1.P2SGateway;
import dev.p2s.api.v1alpha1.RootCertificate;
import dev.p2s.apply.OwnedResources;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What wakes the gateway's reconciler, and the caches that it reads from. */
final class GatewaySources {

  private final OwnedResources<P2SGateway> owned;
  private final SimpleInboundEventSource<P2SGateway> reports =
      new SimpleInboundEventSource<>("agent-reports");
  private final ReferencedSecrets secrets;
  private final NodeWatch nodes;
  private final SelectedServices services;
  private InformerEventSource<RootCertificate, P2SGateway> roots;

  GatewaySources(KubernetesClient client) {
    owned =
        new OwnedResources<>(
            client,
            P2SGateway.class,
            GatewayLabels.MANAGED_BY + "=" + GatewayLabels.OPERATOR + "," + GatewayLabels.GATEWAY);
    secrets = new ReferencedSecrets(client, this::reported);
    nodes = new NodeWatch(client, this::reported);
    services = new SelectedServices(client, this::reported);
  }

  /** Makes every event source; called once by the controller's start. */
  List<EventSource<?, P2SGateway>> prepare(EventSourceContext<P2SGateway> context) {
    owned
        .watch(Secret.class, context, GatewaySources::gatewayOf)
        .watch(ServiceAccount.class, context, GatewaySources::gatewayOf)
        .watch(Role.class, context, GatewaySources::gatewayOf)
        .watch(RoleBinding.class, context, GatewaySources::gatewayOf)
        .watch(Service.class, context, GatewaySources::gatewayOf)
        .watch(NetworkPolicy.class, context, GatewaySources::gatewayOf)
        .watch(PodDisruptionBudget.class, context, GatewaySources::gatewayOf)
        .watch(HorizontalPodAutoscaler.class, context, GatewaySources::gatewayOf)
        .watch(StatefulSet.class, context, GatewaySources::gatewayOf)
        .watch(Pod.class, context, GatewaySources::gatewayOf);
    roots =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(RootCertificate.class, P2SGateway.class)
                .withName("root-certificates")
                .withComparableResourceVersion(false)
                .withSecondaryToPrimaryMapper(GatewaySources::gatewayOfRoot)
                .build(),
            context);
    List<EventSource<?, P2SGateway>> all = new ArrayList<>(owned.eventSources());
    all.add(roots);
    all.add(reports);
    return all;
  }

  OwnedResources<P2SGateway> owned() {
    return owned;
  }

  /** The Secrets of people's own that gateways name. */
  ReferencedSecrets secrets() {
    return secrets;
  }

  /** The cluster's nodes. */
  NodeWatch nodes() {
    return nodes;
  }

  /** The Services that gateways' policy groups name. */
  SelectedServices services() {
    return services;
  }

  /** The RootCertificates that name a gateway. */
  List<RootCertificate> rootsOf(String namespace, String gateway) {
    return roots
        .list(namespace, root -> gateway.equals(root.getSpec().gatewayRef().name()))
        .toList();
  }

  /** Wakes the reconciler: an agent's report or a Secret that it names has changed. */
  void reported(ResourceID gateway) {
    reports.propagateEvent(gateway);
  }

  static Set<ResourceID> gatewayOf(HasMetadata object) {
    String gateway =
        object.getMetadata().getLabels() == null
            ? null
            : object.getMetadata().getLabels().get(GatewayLabels.GATEWAY);
    return gateway == null
        ? Set.of()
        : Set.of(new ResourceID(gateway, object.getMetadata().getNamespace()));
  }

  static Set<ResourceID> gatewayOfRoot(RootCertificate root) {
    return Set.of(
        new ResourceID(root.getSpec().gatewayRef().name(), root.getMetadata().getNamespace()));
  }
}
