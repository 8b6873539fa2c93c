package dev.p2s.gateway;

import dev.p2s.addressing.Cidr;
import dev.p2s.addressing.Fqdn;
import dev.p2s.api.v1alpha1.P2SGatewaySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The rules on addresses: pools, names. */
final class AddressRules {

  // seed's companion: at least /29 for a gateway of one instance
  private static final int SMALLEST_POOL = 29;
  private static final int LARGEST_POOL = 8;
  // as many addresses as the smallest IPv4 pool; and no more than one link has
  private static final int SMALLEST_IPV6_POOL = 125;
  private static final int LARGEST_IPV6_POOL = 64;

  private AddressRules() {}

  /** The gateway's pools, of a size that serves and free of overlaps with one another. */
  static List<Cidr> pools(P2SGatewaySpec spec) throws GatewayRefused {
    List<String> written = spec.clientAddressPools();
    if (written == null || written.isEmpty()) {
      throw new GatewayRefused(
          GatewayRefusal.PoolInvalid, "spec.clientAddressPools: one pool at least is needed");
    }
    List<Cidr> pools = new ArrayList<>();
    for (int i = 0; i < written.size(); i++) {
      String field = "spec.clientAddressPools[" + i + "]";
      Cidr pool = cidr(field, written.get(i), GatewayRefusal.PoolInvalid);
      size(field, pool);
      for (Cidr before : pools) {
        disjoint(field, pool, before, "spec.clientAddressPools");
      }
      pools.add(pool);
    }
    return pools;
  }

  static Optional<Fqdn> fqdn(P2SGatewaySpec spec) throws GatewayRefused {
    return spec.fqdn() == null
        ? Optional.empty()
        : Optional.of(name("spec.fqdn", spec.fqdn(), GatewayRefusal.FqdnInvalid));
  }

  static Fqdn name(String field, String text, GatewayRefusal reason) throws GatewayRefused {
    try {
      return Fqdn.parse(text);
    } catch (IllegalArgumentException e) {
      throw new GatewayRefused(
          reason, field + ": " + GatewayRules.quoted(text) + " " + e.getMessage());
    }
  }

  static Cidr cidr(String field, String text, GatewayRefusal reason) throws GatewayRefused {
    try {
      return Cidr.parse(text);
    } catch (IllegalArgumentException e) {
      throw new GatewayRefused(
          reason, field + ": " + GatewayRules.quoted(text) + " " + e.getMessage());
    }
  }

  static String numeric(String field, String text, GatewayRefusal reason) throws GatewayRefused {
    try {
      return Cidr.numeric(text).getHostAddress();
    } catch (IllegalArgumentException e) {
      throw new GatewayRefused(
          reason, field + ": " + GatewayRules.quoted(text) + " " + e.getMessage());
    }
  }

  static void size(String field, Cidr pool) throws GatewayRefused {
    int smallest = pool.isIpv4() ? SMALLEST_POOL : SMALLEST_IPV6_POOL;
    int largest = pool.isIpv4() ? LARGEST_POOL : LARGEST_IPV6_POOL;
    if (pool.prefix() > smallest) {
      throw new GatewayRefused(
          GatewayRefusal.PoolTooSmall,
          field
              + ": "
              + pool
              + " has "
              + pool.size()
              + " addresses; a pool is /"
              + smallest
              + " at least");
    }
    if (pool.prefix() < largest) {
      throw new GatewayRefused(
          GatewayRefusal.PoolInvalid,
          field + ": " + pool + " is wider than /" + largest + "; take a part of it");
    }
  }

  static void disjoint(String field, Cidr pool, Cidr range, String owner) throws GatewayRefused {
    if (pool.overlaps(range)) {
      throw new GatewayRefused(
          GatewayRefusal.PoolOverlap,
          field
              + ": "
              + pool
              + " overlaps "
              + range
              + " of "
              + owner
              + "; take a range that nobody uses, such as "
              + (pool.isIpv4() ? "172.31.200.0/24" : "fd50:1::/112"));
    }
  }
}
