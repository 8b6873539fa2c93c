package dev.p2s.dataplane;

import dev.p2s.addressing.Cidr;

/**
 * IPv6 for clients of a forced tunnel whose gateway has no IPv6 pool: an address of a network that
 * nobody has (RFC 4193), so that their systems send IPv6 into the tunnel and not beside it. It is
 * never granted, so nothing of it is forwarded.
 *
 * @param network where such addresses come from
 */
public record Ipv6Block(Cidr network) {

  /** The one that every gateway uses. */
  public static final Ipv6Block OF_FORCED_TUNNELS =
      new Ipv6Block(Cidr.parse("fd70:3273:6e6f:7636::/64"));

  /** The far end, as clients are told. */
  public String gateway() {
    return Cidr.text(network.address(1));
  }

  /** A client's own; all may have the same. */
  public String client() {
    return Cidr.text(network.address(2));
  }
}
