package dev.p2s.dataplane.ikev2;

import dev.p2s.addressing.Cidr;
import dev.p2s.addressing.CidrSet;
import dev.p2s.addressing.Fqdn;
import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.Ipv6Block;
import dev.p2s.dataplane.Ipv6Pool;
import dev.p2s.dataplane.kernel.TunnelAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * charon's configuration (strongSwan 6.0) as vici commands take it. All of it is loaded live: a
 * change of roots, policies, routes or addresses restarts nothing and ends no session.
 */
public final class Ikev2Server {

  /** Clients that prove a certificate's key to IKE itself. */
  public static final String CERTIFICATE = "certificate";

  /** Clients that prove it by EAP-TLS. */
  public static final String EAP_TLS = "eap-tls";

  /** Clients that log in by EAP at the customer's RADIUS servers; the agent is between. */
  public static final String RADIUS = "radius";

  /** Every name that {@link #connections} may use. */
  public static final List<String> CONNECTIONS = List.of(CERTIFICATE, EAP_TLS, RADIUS);

  /**
   * A pool that gives no address of ours and tells {@link #RADIUS} clients, whose address comes
   * with the login, what other clients are told by theirs: it reaches over every address, and what
   * could be had of it are the first ones of 0.0.0.0/8, which go nowhere.
   */
  public static final String TOLD = "told";

  /**
   * A pool of IPv6 addresses that nothing is forwarded for, where a forced tunnel has no other: a
   * client that has one sends its IPv6 into the tunnel.
   */
  public static final String IPV6_BLOCK = "ipv6-block";

  /** What the name of a pool of an IPv6 address ends in, after that of the IPv4 pool beside it. */
  private static final String IPV6 = "-ipv6";

  /** The one tunnel of a connection. */
  public static final String CHILD = "net";

  /**
   * Of the xfrm device that netd makes where the kernel does ESP, and of every tunnel through it.
   */
  public static final int INTERFACE_ID = 0x703273;

  /** MTU inside: what is left of 1500 bytes by ESP, UDP and IPv6 headers, with some room. */
  public static final int TUNNEL_MTU = 1400;

  /** So much longer than its rekeying does an SA last that a client has missed. */
  private static final double HARD_LIMIT = 1.1;

  /** INTERNAL_DNS_DOMAIN, RFC 8598. */
  private static final String DNS_DOMAIN = "25";

  private Ikev2Server() {}

  /**
   * The connections that clients may use, for one {@code load-conn} each.
   *
   * @param identity what the server says to be: a name in its certificate, which packages verify
   * @param certificate the server's, PEM
   * @param pools names of the pools that addresses may come from
   */
  public static ViciSection connections(
      GatewayState state, EspPlace place, Fqdn identity, String certificate, List<String> pools) {
    ViciSection local =
        ViciSection.of()
            .put("auth", "pubkey")
            .put("id", identity.value())
            .put("certs", List.of(certificate))
            .build();
    ViciSection.Builder connections = ViciSection.of();
    List<String> block = blocksIpv6(state) ? List.of(IPV6_BLOCK) : List.of();
    if (takesCertificates(state)) {
      List<String> beside =
          hasIpv6(state) ? pools.stream().map(Ikev2Server::ipv6Pool).toList() : block;
      List<String> lent = joined(pools, beside);
      ViciSection.Builder eap = checked("eap-tls").put("eap_id", "%any");
      connections
          .put(CERTIFICATE, connection(state, place, local, lent, checked("pubkey").build()))
          .put(EAP_TLS, connection(state, place, local, lent, eap.build()));
    }
    if (asksRadius(state)) {
      ViciSection remote = ViciSection.of().put("auth", "eap-radius").put("eap_id", "%any").build();
      List<String> told = joined(List.of("radius", TOLD), block);
      connections.put(RADIUS, connection(state, place, local, told, remote));
    }
    return connections.build();
  }

  /** Whether IKEv2 clients come in with certificates; they get their addresses from charon. */
  public static boolean takesCertificates(GatewayState state) {
    return state.ikev2() != null
        && state.authentications().contains(AuthenticationType.Certificate);
  }

  /** Whether IKEv2 clients log in at RADIUS servers; they get their addresses from the agent. */
  public static boolean asksRadius(GatewayState state) {
    return state.ikev2() != null && state.authentications().contains(AuthenticationType.RADIUS);
  }

  /**
   * A root whose clients are served, for {@code load-authority}.
   *
   * @param responder the agent's OCSP responder: charon asks it for every certificate
   */
  public static ViciSection authority(GatewayState.TrustedRoot root, String responder) {
    return ViciSection.of()
        .put(
            authorityName(root),
            ViciSection.of().put("cacert", root.pem()).put("ocsp_uris", List.of(responder)).build())
        .build();
  }

  /** What a root is called in charon. */
  public static String authorityName(GatewayState.TrustedRoot root) {
    return "root-" + root.sha256();
  }

  /** A pool of one address, for {@code load-pool}; with what its client is told beside it. */
  public static ViciSection pool(GatewayState state, String name, TunnelAddress address) {
    return pool(state, name, address.alone().toString());
  }

  /** The pool {@link #TOLD}, for {@code load-pool}. */
  public static ViciSection told(GatewayState state) {
    return pool(state, TOLD, "0.0.0.1-255.255.255.254");
  }

  /** Whether clients need addresses of {@link #IPV6_BLOCK}. */
  public static boolean blocksIpv6(GatewayState state) {
    return state.ikev2() != null && state.forced() && !hasIpv6(state);
  }

  /** The pool of the IPv6 address that goes with the one of a pool. */
  public static String ipv6Pool(String pool) {
    return pool + IPV6;
  }

  /** The pool {@link #ipv6Pool}, for {@code load-pool}; its clients are told by the IPv4 one. */
  public static ViciSection ipv6Pool(String beside, TunnelAddress address) {
    return ViciSection.of()
        .put(ipv6Pool(beside), ViciSection.of().put("addrs", address.alone().toString()).build())
        .build();
  }

  /** Whether a pool is one of a single IPv4 address, lent to charon. */
  public static boolean isLent(String pool) {
    return !pool.equals(TOLD) && !pool.equals(IPV6_BLOCK) && !pool.endsWith(IPV6);
  }

  private static boolean hasIpv6(GatewayState state) {
    return Ipv6Pool.of(state.clientAddressPools()).isPresent();
  }

  /** The pool {@link #IPV6_BLOCK}, for {@code load-pool}. */
  public static ViciSection ipv6Block() {
    ViciSection addresses =
        ViciSection.of().put("addrs", Ipv6Block.OF_FORCED_TUNNELS.network().toString()).build();
    return ViciSection.of().put(IPV6_BLOCK, addresses).build();
  }

  private static List<String> joined(List<String> first, List<String> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }

  private static ViciSection pool(GatewayState state, String name, String addresses) {
    ViciSection.Builder pool = ViciSection.of().put("addrs", addresses);
    if (state.dns() != null) {
      if (!state.dns().servers().isEmpty()) {
        pool.put(
            "dns",
            state.dns().servers().stream()
                .map(server -> Cidr.numeric(server).getHostAddress())
                .toList());
      }
      if (!state.dns().suffixes().isEmpty()) {
        pool.put(DNS_DOMAIN, state.dns().suffixes().stream().map(Fqdn::value).toList());
      }
    }
    List<String> subnets = routes(state);
    if (!subnets.isEmpty() && !state.forced()) {
      pool.put("subnet", subnets);
    }
    return ViciSection.of().put(name, pool.build()).build();
  }

  /** By a certificate that the agent is asked about. */
  private static ViciSection.Builder checked(String authentication) {
    return ViciSection.of().put("auth", authentication).put("revocation", "strict");
  }

  private static ViciSection connection(
      GatewayState state,
      EspPlace place,
      ViciSection local,
      List<String> pools,
      ViciSection remote) {
    GatewayState.Ikev2 ikev2 = state.ikev2();
    return ViciSection.of()
        .put("version", "2")
        .put("pools", pools)
        .put("send_cert", "always")
        .put("fragmentation", "yes")
        .put("mobike", "yes")
        // one person's laptop and phone may hold the same certificate
        .put("unique", "never")
        // Windows behind NAT does not survive that a server begins with it; clients do it
        // themselves.
        .put("rekey_time", "0s")
        .put("dpd_delay", "30s")
        .put("proposals", Proposals.ike(ikev2.ikePolicies()))
        .put("local", local)
        .put("remote", remote)
        .put("children", ViciSection.of().put(CHILD, child(state, place, ikev2)).build())
        .build();
  }

  private static ViciSection child(GatewayState state, EspPlace place, GatewayState.Ikev2 ikev2) {
    long seconds = ikev2.saLifetimeSeconds();
    long bytes = ikev2.saDataSizeKilobytes() * 1024;
    ViciSection.Builder child =
        ViciSection.of()
            .put("mode", "tunnel")
            .put("local_ts", routes(state))
            .put("esp_proposals", Proposals.esp(ikev2.ipsecPolicies()))
            .put("rekey_time", seconds + "s")
            .put("life_time", (long) (seconds * HARD_LIMIT) + "s")
            .put("rekey_bytes", Long.toString(bytes))
            .put("life_bytes", Long.toString((long) (bytes * HARD_LIMIT)))
            .put("dpd_action", "clear")
            .put("close_action", "none");
    if (place == EspPlace.KERNEL) {
      child.put("if_id_in", Integer.toString(INTERFACE_ID));
      child.put("if_id_out", Integer.toString(INTERFACE_ID));
    }
    return child.build();
  }

  private static List<String> routes(GatewayState state) {
    List<String> routes = new ArrayList<>();
    for (Cidr route : CidrSet.merged(state.tunnelled())) {
      if (route.isIpv4() || state.forced() || hasIpv6(state)) {
        routes.add(route.toString());
      }
    }
    return routes;
  }
}
