package dev.p2s.dataplane.openvpn;

import dev.p2s.addressing.Cidr;
import dev.p2s.addressing.CidrSet;
import dev.p2s.addressing.Fqdn;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.Ipv6Block;
import dev.p2s.dataplane.Ipv6Pool;
import dev.p2s.dataplane.kernel.TunnelAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What an admitted client is told: the lines between {@code client-auth} and {@code END}. */
public final class ClientSettings {

  /** OpenVPN's own default, which no client needs to be told. */
  private static final int DEFAULT_MTU = 1500;

  /**
   * What a package has in the place of name and password where a browser asks for them: openvpn
   * does not start with neither.
   */
  public static final String BROWSER_LOGIN = "browser";

  private ClientSettings() {}

  /**
   * @param routes what the client is told to route
   * @param address the client's
   * @param pool the pool that it is of
   * @param gateway the gateway's address in that pool
   */
  public static List<String> render(
      GatewayState state,
      List<Cidr> routes,
      TunnelAddress address,
      Cidr pool,
      TunnelAddress gateway) {
    List<String> lines = new ArrayList<>();
    Optional<Ipv6Pool> ipv6 = Ipv6Pool.of(state.clientAddressPools());
    lines.add("ifconfig-push " + address + " " + pool.netmask());
    ipv6.ifPresent(
        beside ->
            lines.add(
                "ifconfig-ipv6-push "
                    + beside.beside(address)
                    + "/"
                    + beside.range().prefix()
                    + " "
                    + beside.beside(gateway)));
    push(lines, "topology subnet");
    push(lines, "route-gateway " + gateway);
    // its own pools are on its link already
    routes(
        lines,
        state,
        routes.stream()
            .filter(route -> !route.equals(pool))
            .filter(route -> ipv6.filter(beside -> route.equals(beside.range())).isEmpty())
            .toList());
    if (state.dns() != null) {
      dns(lines, state.dns());
    }
    GatewayState.OpenVpn openVpn = state.openVpn();
    if (openVpn.tunnelMtu() != DEFAULT_MTU) {
      push(lines, "tun-mtu " + openVpn.tunnelMtu());
    }
    push(lines, "ping " + openVpn.pingSeconds());
    push(lines, "ping-restart " + openVpn.pingRestartSeconds());
    return List.copyOf(lines);
  }

  private static void routes(List<String> lines, GatewayState state, List<Cidr> routes) {
    for (Cidr route : CidrSet.merged(routes.stream().filter(Cidr::isIpv4).toList())) {
      push(
          lines,
          route.prefix() == 0
              ? "redirect-gateway def1"
              : "route " + route.network().getHostAddress() + " " + route.netmask());
    }
    if (Ipv6Pool.of(state.clientAddressPools()).isPresent()) {
      for (Cidr route : CidrSet.merged(routes.stream().filter(r -> !r.isIpv4()).toList())) {
        push(lines, route.prefix() == 0 ? "redirect-gateway ipv6" : "route-ipv6 " + route);
      }
    } else if (state.forced()) {
      Ipv6Block block = Ipv6Block.OF_FORCED_TUNNELS;
      push(lines, "ifconfig-ipv6 " + block.client() + "/64 " + block.gateway());
      push(lines, "redirect-gateway ipv6");
      // from OpenVPN 2.5 on: the person's programs are told at once that there is no IPv6
      push(lines, "block-ipv6");
    }
    if (state.forced()) {
      if (state.dns() != null && !state.dns().servers().isEmpty()) {
        // Windows asks the resolvers of all its networks otherwise
        push(lines, "block-outside-dns");
      }
    }
  }

  private static void dns(List<String> lines, GatewayState.Dns dns) {
    for (String server : dns.servers()) {
      boolean v6 = server.indexOf(':') >= 0;
      push(lines, "dhcp-option " + (v6 ? "DNS6 " : "DNS ") + Cidr.numeric(server).getHostAddress());
    }
    for (int i = 0; i < dns.suffixes().size(); i++) {
      Fqdn suffix = dns.suffixes().get(i);
      // Old clients know one DOMAIN; DOMAIN-SEARCH takes all of them in order.
      if (i == 0) {
        push(lines, "dhcp-option DOMAIN " + suffix);
      }
      if (dns.suffixes().size() > 1) {
        push(lines, "dhcp-option DOMAIN-SEARCH " + suffix);
      }
    }
  }

  private static void push(List<String> lines, String option) {
    lines.add("push \"" + option + "\"");
  }
}
