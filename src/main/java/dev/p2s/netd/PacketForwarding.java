package dev.p2s.netd;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The pod's switches of forwarding, without which no packet leaves a tunnel. */
class PacketForwarding {

  private final Path sysctls;

  /**
   * @param sysctls where the kernel has them, {@code /proc/sys/net}
   */
  PacketForwarding(Path sysctls) {
    this.sysctls = sysctls;
  }

  /** The ones of this network namespace. */
  static PacketForwarding ofThisPod() {
    return new PacketForwarding(Path.of("/proc/sys/net"));
  }

  /**
   * Sees that IPv4 is forwarded, and switches it on where that is allowed.
   *
   * @throws IOException where it is off; the message says what to do
   */
  void require() throws IOException {
    require("ipv4/ip_forward");
  }

  /**
   * Sees that IPv6 is there and forwarded, and switches both on where that is allowed.
   *
   * @throws IOException where it is off; the message says what to do
   */
  void requireIpv6() throws IOException {
    if (!Files.exists(sysctls.resolve("ipv6/conf/all/forwarding"))) {
      throw new IOException(
          "the node's kernel has no IPv6; take the IPv6 pool out of the gateway, or start the node"
              + " with IPv6");
    }
    hold("ipv6/conf/all/disable_ipv6", "0");
    hold("ipv6/conf/default/disable_ipv6", "0");
    require("ipv6/conf/all/forwarding");
  }

  private void require(String sysctl) throws IOException {
    hold(sysctl, "1");
  }

  private void hold(String sysctl, String value) throws IOException {
    Path file = sysctls.resolve(sysctl);
    String found = Files.readString(file).strip();
    if (found.equals(value)) {
      return;
    }
    try {
      write(file, value);
    } catch (IOException e) {
      String name = "net." + sysctl.replace('/', '.');
      throw new IOException(
          name
              + " is "
              + found
              + " in the gateway pod and may not be written there; allow the sysctl on the node"
              + " (kubelet: --allowed-unsafe-sysctls="
              + name
              + ") or set it on the node, then delete the pod");
    }
  }

  void write(Path file, String value) throws IOException {
    Files.writeString(file, value);
  }
}
