package dev.p2s.netd;

import dev.p2s.dataplane.ikev2.EspPlace;
import dev.p2s.dataplane.ikev2.Ikev2Server;
import dev.p2s.dataplane.kernel.NetdCommand.Configure;
import dev.p2s.dataplane.kernel.ProcessSlot;
import dev.p2s.dataplane.kernel.TunnelAddress;
import java.util.Set;

/**
 * The device that IKEv2 clients' packets come out of. In the kernel it is an xfrm interface; a
 * charon that encrypts by itself makes a tun device and calls it the same (plugin kernel-libipsec).
 * Either way the rules of all tunnel devices hold for it.
 */
final class IkeDevice {

  private static final String NAME = ProcessSlot.IKEV2.tunnel();

  private IkeDevice() {}

  /**
   * Lines for {@code ip -batch}; nothing where there is nothing to do.
   *
   * @param links names of the devices that there are
   */
  static String commands(Configure wanted, Set<String> links) {
    StringBuilder lines = new StringBuilder();
    boolean there = links.contains(NAME);
    if (wanted.ikev2() == EspPlace.KERNEL && !there) {
      lines.append(
          "link add " + NAME + " type xfrm dev lo if_id " + Ikev2Server.INTERFACE_ID + "\n");
      there = true;
    }
    if (wanted.ikev2() == null || !there) {
      return lines.toString();
    }
    lines.append("link set dev " + NAME + " mtu " + Ikev2Server.TUNNEL_MTU + " up\n");
    for (TunnelAddress address : wanted.gatewayAddresses()) {
      lines.append(PodKernel.addressed(address, ProcessSlot.IKEV2));
    }
    return lines.toString();
  }
}
