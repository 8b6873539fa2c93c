package dev.p2s.netd;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The pod's {@code net.ipv4.ip_forward}, without which no packet leaves a tunnel. */
class PacketForwarding {

  private final Path sysctl;

  PacketForwarding(Path sysctl) {
    this.sysctl = sysctl;
  }

  /** The one of this network namespace. */
  static PacketForwarding ofThisPod() {
    return new PacketForwarding(Path.of("/proc/sys/net/ipv4/ip_forward"));
  }

  /**
   * Sees that forwarding is on, and switches it on where that is allowed.
   *
   * @throws IOException where it is off; the message says what to do
   */
  void require() throws IOException {
    if (Files.readString(sysctl).strip().equals("1")) {
      return;
    }
    try {
      switchOn();
    } catch (IOException e) {
      throw new IOException(
          "net.ipv4.ip_forward is 0 in the gateway pod and may not be written there; allow the"
              + " sysctl on the node (kubelet: --allowed-unsafe-sysctls=net.ipv4.ip_forward) or set"
              + " it on the node, then delete the pod");
    }
  }

  void switchOn() throws IOException {
    Files.writeString(sysctl, "1");
  }
}
