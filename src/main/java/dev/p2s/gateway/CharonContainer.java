package dev.p2s.gateway;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecurityContext;

/**
 * The IKEv2 server of a gateway's pod: charon, which talks to the node's kernel (or to a tun device
 * where that has no ESP) and binds UDP 500 and 4500.
 */
final class CharonContainer {

  /** The volume of what charon is started with, where nobody else may write. */
  static final String RUN = "charon-run";

  private CharonContainer() {}

  static Container of(DataPlaneImages images, SecurityContext security) {
    return new ContainerBuilder()
        .withName("strongswan")
        .withImage(images.strongSwan())
        .withImagePullPolicy(images.pullPolicy())
        .withRestartPolicy("Always")
        .withNewResources()
        .addToRequests("cpu", new Quantity("100m"))
        .addToRequests("memory", new Quantity("64Mi"))
        .endResources()
        .withSecurityContext(security)
        .withVolumeMounts(
            GatewayPods.mount(RUN, "/run"),
            GatewayPods.mount("run", GatewayPods.RUN),
            GatewayPods.mount("tun", "/dev/net/tun"))
        .build();
  }
}
