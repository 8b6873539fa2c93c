package dev.p2s.gateway;

import dev.p2s.api.v1alpha1.TunnelType;
import dev.p2s.dataplane.StateSecret;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The gateway's pods. The servers and netd are native sidecars (init containers that restart), so
 * that an agent that ends takes no server with it; a StatefulSet with {@code OnDelete} changes no
 * running pod when its template changes.
 */
final class GatewayPods {

  /** The agents' mTLS stream. */
  static final int REPORT_PORT = 9443;

  static final int HEALTH_PORT = 8080;

  private static final long AGENT_UID = 10001;
  static final String RUN = "/run/p2s";

  private final ResolvedGateway gateway;
  private final DataPlaneImages images;

  GatewayPods(ResolvedGateway gateway, DataPlaneImages images) {
    this.gateway = gateway;
    this.images = images;
  }

  StatefulSet statefulSet() {
    return new StatefulSetBuilder()
        .withMetadata(GatewayPlan.metadata(gateway, gateway.name()))
        .withNewSpec()
        .withReplicas(gateway.scaling().replicas())
        .withPodManagementPolicy("Parallel")
        .withNewUpdateStrategy()
        .withType("OnDelete")
        .endUpdateStrategy()
        .withServiceName(GatewayPlan.podServiceName(gateway.name()))
        .withNewSelector()
        .withMatchLabels(GatewayLabels.selector(gateway.name()))
        .endSelector()
        .withTemplate(template())
        .endSpec()
        .build();
  }

  private PodTemplateSpec template() {
    return new PodTemplateSpecBuilder()
        .withNewMetadata()
        .withLabels(GatewayLabels.pod(gateway.name()))
        .endMetadata()
        .withNewSpec()
        .withServiceAccountName(GatewayPlan.agentName(gateway.name()))
        .withAutomountServiceAccountToken(false)
        .withEnableServiceLinks(false)
        .withTerminationGracePeriodSeconds(gateway.scaling().drainTimeout().toSeconds())
        .withNewSecurityContext()
        .withFsGroup(AGENT_UID)
        .withNewSeccompProfile()
        .withType("RuntimeDefault")
        .endSeccompProfile()
        .withSysctls(Ipv6Rules.sysctls(gateway.clientAddressPools()))
        .endSecurityContext()
        .withTopologySpreadConstraints(Placement.spread(gateway))
        .withAffinity(Placement.affinity(gateway))
        .withInitContainers(servers())
        .withContainers(agent())
        .addNewVolume()
        .withName("run")
        .withNewEmptyDir()
        .withMedium("Memory")
        .withSizeLimit(new Quantity("64Mi"))
        .endEmptyDir()
        .endVolume()
        .addAllToVolumes(
            Stream.of("agent-tmp", "openvpn-tmp", "netd-tmp").map(GatewayPods::scratch).toList())
        .addAllToVolumes(
            serves(TunnelType.IKEv2) ? List.of(scratch(CharonContainer.RUN)) : List.of())
        .addAllToVolumes(serves(TunnelType.SSTP) ? List.of(scratch(SstpContainer.TMP)) : List.of())
        .addNewVolume()
        .withName("tun")
        .withNewHostPath()
        .withPath("/dev/net/tun")
        .withType("CharDevice")
        .endHostPath()
        .endVolume()
        .addNewVolume()
        .withName("state")
        .withNewSecret()
        .withSecretName(StateSecret.nameFor(gateway.name()))
        .withDefaultMode(0440)
        .endSecret()
        .endVolume()
        .addNewVolume()
        .withName("api")
        .withNewProjected()
        .withDefaultMode(0440)
        .addNewSource()
        .withNewServiceAccountToken()
        .withExpirationSeconds(3600L)
        .withPath("token")
        .endServiceAccountToken()
        .endSource()
        .addNewSource()
        .withNewConfigMap()
        .withName("kube-root-ca.crt")
        .addNewItem("ca.crt", null, "ca.crt")
        .endConfigMap()
        .endSource()
        .addNewSource()
        .withNewDownwardAPI()
        .addNewItem()
        .withPath("namespace")
        .withNewFieldRef("v1", "metadata.namespace")
        .endItem()
        .endDownwardAPI()
        .endSource()
        .endProjected()
        .endVolume()
        .endSpec()
        .build();
  }

  private Container agent() {
    return new ContainerBuilder()
        .withName("agent")
        .withImage(images.operator())
        .withImagePullPolicy(images.pullPolicy())
        .withArgs("agent")
        .withEnv(
            env("P2S_GATEWAY", gateway.name()),
            field("POD_NAME", "metadata.name"),
            field("POD_NAMESPACE", "metadata.namespace"),
            field("POD_IP", "status.podIP"),
            field("P2S_NODE_ADDRESSES", "status.hostIPs"))
        // the pod's, whoever listens: kubelets map no host port of an init container
        .withPorts(ports())
        .withNewReadinessProbe()
        .withNewHttpGet()
        .withPath("/q/health/ready")
        .withNewPort("health")
        .endHttpGet()
        .withPeriodSeconds(2)
        .withFailureThreshold(5)
        .endReadinessProbe()
        .withNewLivenessProbe()
        .withNewHttpGet()
        .withPath("/q/health/live")
        .withNewPort("health")
        .endHttpGet()
        .withInitialDelaySeconds(20)
        .withPeriodSeconds(10)
        .withFailureThreshold(6)
        // less than the agent waits before it moves anybody: this is no end of the pod
        .withTerminationGracePeriodSeconds(5L)
        .endLivenessProbe()
        .withNewLifecycle()
        .withNewPreStop()
        .withNewExec()
        .withCommand(
            "/usr/local/bin/p2s",
            "leave",
            Long.toString(gateway.scaling().drainTimeout().toSeconds()))
        .endExec()
        .endPreStop()
        .endLifecycle()
        .withNewResources()
        .addToRequests("cpu", new Quantity("100m"))
        .addToRequests("memory", new Quantity("192Mi"))
        .addToLimits("memory", new Quantity("512Mi"))
        .endResources()
        .withSecurityContext(unprivileged())
        .withVolumeMounts(
            mount("run", RUN),
            mount("agent-tmp", "/tmp"),
            readOnly("state", "/etc/p2s/state"),
            readOnly("api", "/var/run/secrets/kubernetes.io/serviceaccount"))
        .build();
  }

  private Container openVpn() {
    return new ContainerBuilder()
        .withName("openvpn")
        .withImage(images.openVpn())
        .withImagePullPolicy(images.pullPolicy())
        .withRestartPolicy("Always")
        .withNewResources()
        .addToRequests("cpu", new Quantity("100m"))
        .addToRequests("memory", new Quantity("64Mi"))
        .endResources()
        .withSecurityContext(unprivileged())
        .withVolumeMounts(
            mount("run", RUN), mount("openvpn-tmp", "/tmp"), mount("tun", "/dev/net/tun"))
        .build();
  }

  private Container netd() {
    return new ContainerBuilder()
        .withName("netd")
        .withImage(images.operator())
        .withImagePullPolicy(images.pullPolicy())
        .withRestartPolicy("Always")
        .withArgs("netd")
        .withNewResources()
        .addToRequests("cpu", new Quantity("10m"))
        .addToRequests("memory", new Quantity("64Mi"))
        .addToLimits("memory", new Quantity("256Mi"))
        .endResources()
        .withSecurityContext(networkAdministrator())
        .withVolumeMounts(
            mount("run", RUN), mount("netd-tmp", "/tmp"), mount("tun", "/dev/net/tun"))
        .build();
  }

  private List<Container> servers() {
    List<Container> servers = new ArrayList<>(List.of(netd()));
    if (serves(TunnelType.OpenVPN)) {
      servers.add(openVpn());
    }
    if (serves(TunnelType.IKEv2)) {
      servers.add(CharonContainer.of(images, networkAdministrator("NET_BIND_SERVICE")));
    }
    if (serves(TunnelType.SSTP)) {
      servers.add(SstpContainer.of(images, unprivileged()));
    }
    return servers;
  }

  private List<ContainerPort> ports() {
    List<ContainerPort> ports = new ArrayList<>();
    for (ClientPort port : ClientPort.of(gateway.tunnelTypes())) {
      ContainerPortBuilder builder =
          new ContainerPortBuilder()
              .withName(port.portName())
              .withContainerPort(port.number())
              .withProtocol(port.protocol());
      switch (gateway.exposure().type()) {
        case HostPort -> builder.withHostPort(port.number());
        case LoadBalancer, NodePort, ClusterIP -> {}
      }
      ports.add(builder.build());
    }
    ports.addAll(DisconnectPort.of(gateway));
    ports.add(port("health", HEALTH_PORT));
    ports.add(port("report", REPORT_PORT));
    return ports;
  }

  private boolean serves(TunnelType protocol) {
    return gateway.tunnelTypes().contains(protocol);
  }

  private static SecurityContext unprivileged() {
    return new SecurityContextBuilder()
        .withRunAsUser(AGENT_UID)
        .withRunAsGroup(AGENT_UID)
        .withRunAsNonRoot(true)
        .withAllowPrivilegeEscalation(false)
        .withReadOnlyRootFilesystem(true)
        .withNewCapabilities()
        .withDrop("ALL")
        .endCapabilities()
        .build();
  }

  // Kubernetes gives capabilities to uid 0 only (no ambient set); these have nothing else.
  private static SecurityContext networkAdministrator(String... more) {
    return new SecurityContextBuilder()
        .withRunAsUser(0L)
        .withRunAsGroup(AGENT_UID)
        .withAllowPrivilegeEscalation(false)
        .withReadOnlyRootFilesystem(true)
        .withNewCapabilities()
        .withDrop("ALL")
        .withAdd("NET_ADMIN")
        .addToAdd(more)
        .endCapabilities()
        .build();
  }

  private static ContainerPort port(String name, int number) {
    return new ContainerPortBuilder()
        .withName(name)
        .withContainerPort(number)
        .withProtocol("TCP")
        .build();
  }

  private static EnvVar env(String name, String value) {
    return new EnvVarBuilder().withName(name).withValue(value).build();
  }

  private static EnvVar field(String name, String path) {
    return new EnvVarBuilder()
        .withName(name)
        .withNewValueFrom()
        .withNewFieldRef("v1", path)
        .endValueFrom()
        .build();
  }

  // each its own: what netd reads as root, nobody else may write
  private static Volume scratch(String name) {
    return new VolumeBuilder()
        .withName(name)
        .withNewEmptyDir()
        .withSizeLimit(new Quantity("64Mi"))
        .endEmptyDir()
        .build();
  }

  static VolumeMount mount(String volume, String path) {
    return new VolumeMountBuilder().withName(volume).withMountPath(path).build();
  }

  private static VolumeMount readOnly(String volume, String path) {
    return new VolumeMountBuilder().withName(volume).withMountPath(path).withReadOnly(true).build();
  }
}
