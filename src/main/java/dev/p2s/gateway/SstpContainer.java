package dev.p2s.gateway;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecurityContext;

/**
 * The SSTP server of a gateway's pod: the endpoint of this product's own image, without a
 * capability, on a tun device that netd makes for its user.
 */
final class SstpContainer {

  /** Its own scratch volume. */
  static final String TMP = "sstp-tmp";

  private SstpContainer() {}

  static Container of(DataPlaneImages images, SecurityContext security) {
    return new ContainerBuilder()
        .withName("sstp")
        .withImage(images.operator())
        .withImagePullPolicy(images.pullPolicy())
        .withRestartPolicy("Always")
        .withArgs("sstp")
        .withNewResources()
        .addToRequests("cpu", new Quantity("100m"))
        .addToRequests("memory", new Quantity("128Mi"))
        // heap and buffers beside it, 256 MiB each at most (images/operator/p2s)
        .addToLimits("memory", new Quantity("704Mi"))
        .endResources()
        .withSecurityContext(security)
        .withVolumeMounts(
            GatewayPods.mount("run", GatewayPods.RUN),
            GatewayPods.mount(TMP, "/tmp"),
            GatewayPods.mount("tun", "/dev/net/tun"))
        .build();
  }
}
