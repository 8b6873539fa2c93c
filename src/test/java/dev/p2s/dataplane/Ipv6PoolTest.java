package dev.p2s.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.addressing.Cidr;
import dev.p2s.dataplane.kernel.TunnelAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Ipv6PoolTest {

  @ParameterizedTest
  @CsvSource({
    "fd00:1::/112, 172.31.200.5, fd00:1::c805",
    "fd00:1::/112, 172.31.0.1, fd00:1::1",
    "fd00:1::/96, 172.31.200.5, fd00:1::ac1f:c805",
    "fd00:1::/64, 172.31.200.5, fd00:1::ac1f:c805",
    "fd00:1::c000/115, 10.8.40.9, fd00:1::c809",
    "2001:db8::/120, 10.8.0.200, 2001:db8::c8",
    "2001:db8::8/125, 10.8.0.13, 2001:db8::d"
  })
  void givenAnIpv4Address_whenAskedFor_thenItsIpv6AddressEndsInItsBits(
      String pool, String ipv4, String ipv6) {
    assertThat(new Ipv6Pool(Cidr.parse(pool)).beside(TunnelAddress.parse(ipv4))).hasToString(ipv6);
  }

  @ParameterizedTest
  @CsvSource({
    "fd00:1::/112, 172.31.200.0/24, fd00:1::c800/120, true",
    "fd00:1::/96, 10.0.0.0/8, fd00:1::a00:0/104, true",
    "fd00:1::/112, 10.0.0.0/8, fd00:1::/112, false",
    "fd00:1::/64, 172.31.200.7/32, fd00:1::ac1f:c807/128, true"
  })
  void givenARange_whenAskedFor_thenItsAddressesAreOneRangeToo(
      String pool, String ipv4, String ipv6, boolean fits) {
    Ipv6Pool of = new Ipv6Pool(Cidr.parse(pool));

    assertThat(of.beside(Cidr.parse(ipv4))).isEqualTo(Cidr.parse(ipv6));
    assertThat(of.fits(Cidr.parse(ipv4))).isEqualTo(fits);
  }

  @Property(tries = 100)
  void givenAPoolThatFits_whenEachIpv4AddressIsAskedFor_thenAllAreOfThePoolAndNoneTwice(
      @ForAll @IntRange(min = 64, max = 125) int prefix) {
    Cidr range = Cidr.parse("fd00:1::/" + prefix);
    Cidr ipv4 = Cidr.parse("10.8.0.0/" + Math.max(24, 32 - (128 - prefix)));
    Ipv6Pool pool = new Ipv6Pool(range);
    Set<TunnelAddress> found = new HashSet<>();

    assertThat(pool.fits(ipv4)).isTrue();
    for (long i = 0; i < ipv4.size().longValueExact(); i++) {
      TunnelAddress beside = pool.beside(TunnelAddress.of(ipv4.address(i)));
      assertThat(range.contains(beside.address())).isTrue();
      assertThat(pool.beside(ipv4).contains(beside.address())).isTrue();
      assertThat(found.add(beside)).isTrue();
    }
  }

  @Test
  void givenPoolsOfBothFamilies_whenLookedFor_thenItIsTheOneOfIpv6() {
    List<Cidr> pools = List.of(Cidr.parse("10.8.0.0/24"), Cidr.parse("fd00:1::/112"));

    assertThat(Ipv6Pool.of(pools)).contains(new Ipv6Pool(Cidr.parse("fd00:1::/112")));
    assertThat(Ipv6Pool.of(pools.subList(0, 1))).isEmpty();
  }
}
