package dev.p2s.gateway;

import dev.p2s.addressing.Cidr;
import dev.p2s.api.v1alpha1.P2SGatewaySpec;
import dev.p2s.dataplane.Ipv6Pool;
import dev.p2s.dataplane.PolicyGroup;
import io.fabric8.kubernetes.api.model.Sysctl;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The rules on IPv6: one pool beside the IPv4 pools, which has an address for each of theirs (see
 * {@link Ipv6Pool}), and routes that somebody has an address for.
 */
final class Ipv6Rules {

  private Ipv6Rules() {}

  static void check(P2SGatewaySpec spec, List<Cidr> pools, List<PolicyGroup> groups)
      throws GatewayRefused {
    if (pools.stream().noneMatch(Cidr::isIpv4)) {
      throw new GatewayRefused(
          GatewayRefusal.PoolInvalid,
          "spec.clientAddressPools: "
              + pools.getFirst()
              + " is IPv6 alone; clients have IPv6 beside IPv4, so add an IPv4 pool such as"
              + " 172.31.200.0/24");
    }
    List<Cidr> ipv6 = pools.stream().filter(pool -> !pool.isIpv4()).toList();
    if (ipv6.size() > 1) {
      throw new GatewayRefused(
          GatewayRefusal.PoolInvalid,
          "spec.clientAddressPools: "
              + ipv6.get(1)
              + " is a second IPv6 pool; one is enough for any gateway, leave out the other");
    }
    for (PolicyGroup group : groups) {
      for (Cidr pool : group.clientAddressPools()) {
        if (!pool.isIpv4()) {
          throw new GatewayRefused(
              GatewayRefusal.PoolInvalid,
              PolicyGroupRules.field(group.name())
                  + ".clientAddressPools: "
                  + pool
                  + " is IPv6; a group's people have theirs from the gateway's IPv6 pool, leave it"
                  + " out");
        }
      }
    }
    Optional<Ipv6Pool> pool = Ipv6Pool.of(pools);
    if (pool.isPresent()) {
      pairs(pool.get(), pools, groups);
    } else {
      unreached(spec);
    }
  }

  /** What pods need: they inherit none of their node's IPv6 forwarding, and may not write it. */
  static List<Sysctl> sysctls(List<Cidr> pools) {
    return Ipv6Pool.of(pools).stream()
        .map(pool -> new Sysctl("net.ipv6.conf.all.forwarding", "1"))
        .toList();
  }

  private static void pairs(Ipv6Pool pool, List<Cidr> pools, List<PolicyGroup> groups)
      throws GatewayRefused {
    List<Cidr> all =
        Stream.concat(
                pools.stream().filter(Cidr::isIpv4),
                groups.stream().flatMap(group -> group.clientAddressPools().stream()))
            .toList();
    List<Cidr> paired = new ArrayList<>();
    for (Cidr ipv4 : all) {
      Cidr beside = pool.beside(ipv4);
      if (!pool.fits(ipv4) || paired.stream().anyMatch(beside::overlaps)) {
        throw new GatewayRefused(
            GatewayRefusal.PoolTooSmall,
            "spec.clientAddressPools: "
                + pool.range()
                + " has no address for each of "
                + ipv4
                + ", since a client's IPv6 address ends in the bits of its IPv4 address; take a /96"
                + " or wider");
      }
      paired.add(beside);
    }
  }

  private static void unreached(P2SGatewaySpec spec) throws GatewayRefused {
    List<String> routes =
        spec.routes() == null || spec.routes().include() == null
            ? List.of()
            : spec.routes().include();
    for (int i = 0; i < routes.size(); i++) {
      if (routes.get(i).contains(":")) {
        throw new GatewayRefused(
            GatewayRefusal.RouteInvalid,
            "spec.routes.include["
                + i
                + "]: "
                + GatewayRules.quoted(routes.get(i))
                + " is IPv6 and no client has such an address; add an IPv6 pool to"
                + " spec.clientAddressPools, such as fd50:1::/112");
      }
    }
  }
}
