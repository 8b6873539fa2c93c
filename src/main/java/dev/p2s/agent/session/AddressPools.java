package dev.p2s.agent.session;

import dev.p2s.addressing.Cidr;
import dev.p2s.dataplane.Ipv6Pool;
import dev.p2s.dataplane.kernel.TunnelAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/**
 * The gateway's client address pools. Of each, network and broadcast address are not used and the
 * first usable address is the gateway's own. The same key is offered the same address as long as
 * that is free, on any replica, without anybody remembering it. Where there is an IPv6 pool, an
 * IPv6 address goes with each.
 */
public final class AddressPools {

  private static final int RESERVED = 3;

  private final List<Cidr> pools;
  private final Optional<Ipv6Pool> ipv6;
  private final long size;

  /**
   * @throws IllegalArgumentException where a pool is too small for one client
   */
  public AddressPools(List<Cidr> pools) {
    for (Cidr pool : pools) {
      if (pool.isIpv4() && pool.prefix() > 29) {
        throw new IllegalArgumentException(
            "the client address pool " + pool + " is not an IPv4 range of /29 or larger");
      }
    }
    this.pools = pools.stream().filter(Cidr::isIpv4).toList();
    this.ipv6 = Ipv6Pool.of(pools);
    this.size = this.pools.stream().mapToLong(AddressPools::clients).sum();
  }

  /** Where IPv4 addresses are taken from. */
  public List<Cidr> ranges() {
    return pools;
  }

  /** How many clients have room. */
  public long size() {
    return size;
  }

  /** A free address, the same for the same key where that one is free. */
  public Optional<TunnelAddress> free(String key, Predicate<TunnelAddress> used) {
    if (size == 0) {
      return Optional.empty();
    }
    CRC32 crc = new CRC32();
    crc.update(key.getBytes(StandardCharsets.UTF_8));
    long start = crc.getValue() % size;
    for (long i = 0; i < size; i++) {
      TunnelAddress candidate = at((start + i) % size);
      if (!used.test(candidate)) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }

  /** The pool that a client may have this address from. */
  public Optional<Cidr> poolOf(TunnelAddress address) {
    return pools.stream()
        .filter(pool -> pool.contains(address.address()))
        .filter(pool -> !address.equals(gatewayOf(pool)))
        .findFirst();
  }

  /** The gateway's own address in a pool. */
  public static TunnelAddress gatewayOf(Cidr pool) {
    return TunnelAddress.of(pool.address(1));
  }

  /** The IPv6 address that goes with an address; empty where clients have no IPv6. */
  public Optional<TunnelAddress> beside(TunnelAddress address) {
    return ipv6.map(pool -> pool.beside(address));
  }

  /** Whether a client may have, or go on having, this IPv6 address. */
  public boolean holdsIpv6(TunnelAddress address) {
    return ipv6.filter(pool -> pool.range().contains(address.address())).isPresent();
  }

  /** The gateway's addresses, one a pool, and those that go with them. */
  public List<TunnelAddress> gateways() {
    return pools.stream()
        .map(AddressPools::gatewayOf)
        .flatMap(gateway -> Stream.concat(Stream.of(gateway), beside(gateway).stream()))
        .toList();
  }

  private TunnelAddress at(long index) {
    long rest = index;
    for (Cidr pool : pools) {
      if (rest < clients(pool)) {
        return TunnelAddress.of(pool.address(rest + 2));
      }
      rest -= clients(pool);
    }
    throw new IllegalArgumentException("index " + index + " lies beyond the pools");
  }

  private static long clients(Cidr pool) {
    return pool.size().longValueExact() - RESERVED;
  }
}
