package dev.p2s.gateway;

import dev.p2s.dataplane.StateSecret;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPortBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import java.util.ArrayList;
import java.util.List;

/**
 * The Kubernetes objects that an accepted gateway needs beside its Secrets: a function from a
 * {@link ResolvedGateway} to objects in the canonical form that server-side apply stores, so that
 * comparing them with what is there never finds a difference that nobody made.
 */
public final class GatewayPlan {

  private final ResolvedGateway gateway;
  private final DataPlaneImages images;

  public GatewayPlan(ResolvedGateway gateway, DataPlaneImages images) {
    this.gateway = gateway;
    this.images = images;
  }

  /** Everything, in the order in which it is applied. */
  public List<HasMetadata> resources() {
    List<HasMetadata> all = new ArrayList<>();
    all.add(serviceAccount());
    all.add(role());
    all.add(roleBinding());
    all.add(podService());
    if (hasFrontService(gateway)) {
      all.add(FrontService.of(gateway, metadata(gateway, gateway.name())));
    }
    all.add(networkPolicy());
    all.add(disruptionBudget());
    all.add(new GatewayPods(gateway, images).statefulSet());
    GatewayAutoscaler.of(gateway).ifPresent(all::add);
    return all;
  }

  /** What an earlier spec of the gateway may have asked for and this one does not. */
  public List<HasMetadata> obsolete() {
    List<HasMetadata> obsolete = new ArrayList<>();
    if (!hasFrontService(gateway)) {
      obsolete.add(new ServiceBuilder().withMetadata(metadata(gateway, gateway.name())).build());
    }
    if (gateway.scaling().autoscaling().isEmpty()) {
      obsolete.add(
          new HorizontalPodAutoscalerBuilder()
              .withMetadata(metadata(gateway, gateway.name()))
              .build());
    }
    return obsolete;
  }

  /**
   * Whether a Service stands in front of all pods; with HostPort clients dial the node, and
   * replicas may have {@link ReplicaServices} in its place.
   */
  static boolean hasFrontService(ResolvedGateway gateway) {
    return switch (gateway.exposure().type()) {
      case LoadBalancer, NodePort, ClusterIP -> !gateway.exposure().perReplica();
      case HostPort -> false;
    };
  }

  /** The Service that gives pods their names. */
  static String podServiceName(String gateway) {
    return gateway + "-pods";
  }

  static String agentName(String gateway) {
    return gateway + "-agent";
  }

  static ObjectMeta metadata(ResolvedGateway gateway, String name) {
    return new ObjectMetaBuilder()
        .withName(name)
        .withNamespace(gateway.namespace())
        .withLabels(GatewayLabels.of(gateway.name()))
        .addNewOwnerReference()
        .withApiVersion("p2s.dev/v1alpha1")
        .withKind("P2SGateway")
        .withName(gateway.name())
        .withUid(gateway.uid())
        .withController(true)
        .withBlockOwnerDeletion(true)
        .endOwnerReference()
        .build();
  }

  private ServiceAccount serviceAccount() {
    return new ServiceAccountBuilder()
        .withMetadata(metadata(gateway, agentName(gateway.name())))
        .withAutomountServiceAccountToken(false)
        .build();
  }

  private Role role() {
    return new RoleBuilder()
        .withMetadata(metadata(gateway, agentName(gateway.name())))
        .addNewRule()
        .withApiGroups("")
        .withResources("secrets")
        .withResourceNames(StateSecret.nameFor(gateway.name()))
        .withVerbs("get", "list", "watch")
        .endRule()
        .build();
  }

  private RoleBinding roleBinding() {
    return new RoleBindingBuilder()
        .withMetadata(metadata(gateway, agentName(gateway.name())))
        .withNewRoleRef("rbac.authorization.k8s.io", "Role", agentName(gateway.name()))
        .addNewSubject()
        .withKind("ServiceAccount")
        .withName(agentName(gateway.name()))
        .withNamespace(gateway.namespace())
        .endSubject()
        .build();
  }

  private Service podService() {
    return new ServiceBuilder()
        .withMetadata(metadata(gateway, podServiceName(gateway.name())))
        .withNewSpec()
        .withClusterIP("None")
        .withPublishNotReadyAddresses(true)
        .withSelector(GatewayLabels.selector(gateway.name()))
        .withPorts(port("report", GatewayPods.REPORT_PORT, "report").build())
        .endSpec()
        .build();
  }

  private NetworkPolicy networkPolicy() {
    return new NetworkPolicyBuilder()
        .withMetadata(metadata(gateway, gateway.name()))
        .withNewSpec()
        .withNewPodSelector()
        .withMatchLabels(GatewayLabels.selector(gateway.name()))
        .endPodSelector()
        .withPolicyTypes("Ingress")
        .addNewIngress()
        .withPorts(
            ClientPort.of(gateway.tunnelTypes()).stream()
                .map(
                    port ->
                        new NetworkPolicyPortBuilder()
                            .withPort(new IntOrString(port.number()))
                            .withProtocol(port.protocol())
                            .build())
                .toList())
        .endIngress()
        .addNewIngress()
        .addNewPort()
        .withPort(new IntOrString(GatewayPods.REPORT_PORT))
        .withProtocol("TCP")
        .endPort()
        .addNewPort()
        .withPort(new IntOrString(GatewayPods.HEALTH_PORT))
        .withProtocol("TCP")
        .endPort()
        .endIngress()
        .addAllToIngress(DisconnectPort.ingress(gateway))
        .endSpec()
        .build();
  }

  private PodDisruptionBudget disruptionBudget() {
    return new PodDisruptionBudgetBuilder()
        .withMetadata(metadata(gateway, gateway.name()))
        .withNewSpec()
        .withMaxUnavailable(new IntOrString(1))
        .withNewSelector()
        .withMatchLabels(GatewayLabels.selector(gateway.name()))
        .endSelector()
        .endSpec()
        .build();
  }

  private static ServicePortBuilder port(String name, int port, String target) {
    return new ServicePortBuilder()
        .withName(name)
        .withProtocol("TCP")
        .withPort(port)
        .withTargetPort(new IntOrString(target));
  }
}
