package dev.p2s.clientprofile.formats;

import dev.p2s.addressing.Cidr;
import dev.p2s.addressing.Fqdn;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.pki.OpenVpnStaticKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * All that a package is rendered from. Equal inputs give equal bytes. What one protocol alone needs
 * is that protocol's component, empty where who logs in like this cannot use it.
 *
 * @param profile the ClientProfile's name
 * @param gateway the gateway's name
 * @param server what clients dial
 * @param network what they reach through the tunnel
 * @param login how the person logs in
 * @param openVpn OpenVPN's part
 * @param ikev2 the IKEv2 server's policies
 * @param sstp whether SSTP is served; it has nothing of its own
 */
public record PackageInput(
    String profile,
    String gateway,
    Server server,
    Network network,
    PackageLogin login,
    Optional<OpenVpn> openVpn,
    Optional<GatewayState.Ikev2> ikev2,
    boolean sstp) {

  /**
   * @param address what the client dials: a name or numeric address
   * @param port TCP port of OpenVPN and SSTP
   * @param name CN of the server certificate, which the client verifies
   * @param authority CA that issued it
   */
  public record Server(String address, int port, String name, X509Certificate authority) {}

  /**
   * @param routes what takes the tunnel
   * @param pools what clients get their addresses from
   * @param dnsServers numeric addresses
   * @param dnsSuffixes search domains
   */
  public record Network(
      List<Cidr> routes, List<Cidr> pools, List<String> dnsServers, List<Fqdn> dnsSuffixes) {

    /** Whether all IPv4 traffic takes the tunnel; what IPv6 there is does too then. */
    public boolean everything() {
      return routes.stream().anyMatch(route -> route.isIpv4() && route.prefix() == 0);
    }

    /** Whether the tunnel carries IPv6, if only to keep it from going beside it. */
    public boolean ipv6() {
      return routes.stream().anyMatch(route -> !route.isIpv4());
    }

    /** The routes for clients that take only such as they have an address for. */
    public List<Cidr> addressedRoutes() {
      return routes.stream()
          .filter(route -> pools.stream().anyMatch(pool -> pool.isIpv4() == route.isIpv4()))
          .toList();
    }
  }

  /**
   * @param tlsAuthKey key of the handshake's signature
   */
  public record OpenVpn(OpenVpnStaticKey tlsAuthKey) {}
}
