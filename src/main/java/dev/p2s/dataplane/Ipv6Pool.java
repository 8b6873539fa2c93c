package dev.p2s.dataplane;

import dev.p2s.addressing.Cidr;
import dev.p2s.dataplane.kernel.TunnelAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;

/**
 * Where clients have their IPv6 addresses from. A client's ends in the bits of its IPv4 address:
 * who has 172.31.200.5 of a gateway with fd00:1::/112 has fd00:1::c805. So whoever gives out IPv4
 * addresses gives out these too: shares, loans and limits need to know of one only.
 *
 * @param range /64 to /125
 */
public record Ipv6Pool(Cidr range) {

  private static final int IPV4_BITS = 32;

  /** The one of a gateway's pools; empty where clients have no IPv6. */
  public static Optional<Ipv6Pool> of(List<Cidr> pools) {
    return pools.stream().filter(pool -> !pool.isIpv4()).findFirst().map(Ipv6Pool::new);
  }

  /** The IPv6 address that goes with an IPv4 address. */
  public TunnelAddress beside(TunnelAddress ipv4) {
    return TunnelAddress.of(beside(ipv4.alone()).network());
  }

  /** The IPv6 addresses that go with a range of IPv4 addresses, as one range. */
  public Cidr beside(Cidr ipv4) {
    byte[] address = range.network().getAddress();
    byte[] low = ipv4.network().getAddress();
    int bits = Math.min(IPV4_BITS, address.length * 8 - range.prefix());
    for (int i = 0; i < low.length; i++) {
      int keep = Math.clamp(bits - (low.length - 1 - i) * 8L, 0, 8);
      address[address.length - low.length + i] |= (byte) (low[i] & ((1 << keep) - 1));
    }
    int last = address.length * 8 - (IPV4_BITS - ipv4.prefix());
    return new Cidr(inet(address), Math.max(range.prefix(), last));
  }

  /** Whether this many IPv4 addresses in a row have an IPv6 address each. */
  public boolean fits(Cidr ipv4) {
    return IPV4_BITS - ipv4.prefix() <= 128 - range.prefix();
  }

  private static InetAddress inet(byte[] address) {
    try {
      return InetAddress.getByAddress(address);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }
}
