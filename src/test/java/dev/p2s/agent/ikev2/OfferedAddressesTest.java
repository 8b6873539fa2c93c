package dev.p2s.agent.ikev2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.addressing.Cidr;
import dev.p2s.agent.ikev2.OfferedAddresses.Offer;
import dev.p2s.agent.session.AddressPools;
import dev.p2s.dataplane.kernel.TunnelAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class OfferedAddressesTest {

  private final OfferedAddresses offered = new OfferedAddresses();

  @Test
  void givenALargePool_whenNobodyIsThere_thenCharonGetsThirtyTwoAhead() {
    List<Offer> added = offered.extend(pools("10.8.0.0/24"), 250, 0, address -> false);

    assertThat(added).hasSize(32).extracting(Offer::address).doesNotHaveDuplicates();
    assertThat(offered.extend(pools("10.8.0.0/24"), 250, 0, address -> false)).isEmpty();
  }

  @Test
  void givenASmallPool_whenNobodyIsThere_thenHalfOfItIsLeftToOpenVpn() {
    assertThat(offered.extend(pools("10.8.0.0/29"), 250, 0, address -> false)).hasSize(2);
  }

  @Test
  void givenClients_whenTheyHaveTakenOffers_thenOthersComeInTheirPlace() {
    AddressPools pools = pools("10.8.0.0/24");
    Set<TunnelAddress> taken = new HashSet<>();
    offered.extend(pools, 250, 0, taken::contains).stream()
        .limit(10)
        .forEach(offer -> taken.add(offer.address()));

    assertThat(offered.extend(pools, 250, taken.size(), taken::contains)).hasSize(10);
  }

  @Test
  void givenManyWhoHaveGone_whenTheirAddressesAreIdle_thenWhatIsFarAheadIsTakenBack() {
    AddressPools pools = pools("10.8.0.0/24");
    Set<TunnelAddress> taken = new HashSet<>();
    for (int i = 0; i < 4; i++) {
      offered
          .extend(pools, 250, taken.size(), taken::contains)
          .forEach(offer -> taken.add(offer.address()));
    }
    taken.clear();

    List<Offer> surplus = offered.surplus(pools, 0, taken::contains);
    surplus.forEach(offered::returned);

    assertThat(offered.all()).hasSize(64);
  }

  @Test
  void givenOtherPools_whenOffersAreOfTheOldOnes_thenTheyAreTakenBack() {
    offered.extend(pools("10.8.0.0/24"), 250, 0, address -> false);

    assertThat(offered.surplus(pools("10.9.0.0/24"), 0, address -> false)).hasSize(32);
  }

  @Property(tries = 100)
  void anyNumberOfClients_neverGetsAnAddressThatAnotherHas(
      @ForAll @IntRange(min = 24, max = 29) int prefix,
      @ForAll @IntRange(min = 0, max = 40) int openVpnClients) {
    AddressPools pools = pools("10.8.0.0/" + prefix);
    OfferedAddresses fresh = new OfferedAddresses();
    Set<TunnelAddress> taken = new HashSet<>();
    for (int i = 0; i < openVpnClients; i++) {
      pools
          .free("openvpn" + i, address -> taken.contains(address) || fresh.contains(address))
          .ifPresent(taken::add);
      fresh
          .extend(pools, 250, taken.size(), taken::contains)
          .forEach(offer -> assertThat(taken).doesNotContain(offer.address()));
    }
    assertThat(taken).allSatisfy(address -> assertThat(fresh.contains(address)).isFalse());
  }

  private static AddressPools pools(String range) {
    return new AddressPools(List.of(Cidr.parse(range)));
  }
}
