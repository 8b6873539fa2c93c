package dev.p2s.agent.ikev2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.addressing.Cidr;
import dev.p2s.agent.ikev2.OfferedAddresses.Offer;
import dev.p2s.agent.ikev2.OfferedAddresses.Share;
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

  private static final Cidr LOWER_HALF = Cidr.parse("10.8.0.0/25");

  private final OfferedAddresses offered = new OfferedAddresses();

  @Test
  void givenALargePool_whenNobodyIsThere_thenCharonGetsThirtyTwoAhead() {
    List<Offer> added = offered.extend(share(pools("10.8.0.0/24"), Set.of()), 250);

    assertThat(added).hasSize(32).extracting(Offer::address).doesNotHaveDuplicates();
    assertThat(offered.extend(share(pools("10.8.0.0/24"), Set.of()), 250)).isEmpty();
  }

  @Test
  void givenASmallPool_whenNobodyIsThere_thenHalfOfItIsLeftToOpenVpn() {
    assertThat(offered.extend(share(pools("10.8.0.0/29"), Set.of()), 250)).hasSize(2);
  }

  @Test
  void givenClients_whenTheyHaveTakenOffers_thenOthersComeInTheirPlace() {
    AddressPools pools = pools("10.8.0.0/24");
    Set<TunnelAddress> taken = new HashSet<>();
    offered.extend(share(pools, taken), 250).stream()
        .limit(10)
        .forEach(offer -> taken.add(offer.address()));

    assertThat(offered.extend(share(pools, taken), 250)).hasSize(10);
  }

  @Test
  void givenManyWhoHaveGone_whenTheirAddressesAreIdle_thenWhatIsFarAheadIsTakenBack() {
    AddressPools pools = pools("10.8.0.0/24");
    Set<TunnelAddress> taken = new HashSet<>();
    for (int i = 0; i < 4; i++) {
      offered.extend(share(pools, taken), 250).forEach(offer -> taken.add(offer.address()));
    }
    taken.clear();

    List<Offer> surplus = offered.surplus(share(pools, taken));
    surplus.forEach(offered::returned);

    assertThat(offered.all()).hasSize(64);
  }

  @Test
  void givenOtherPools_whenOffersAreOfTheOldOnes_thenTheyAreTakenBack() {
    offered.extend(share(pools("10.8.0.0/24"), Set.of()), 250);

    assertThat(offered.surplus(share(pools("10.9.0.0/24"), Set.of()))).hasSize(32);
  }

  @Test
  void givenAShareOfThePool_whenOffered_thenEveryAddressIsOfIt() {
    List<Offer> added = offered.extend(half(80), 250);

    assertThat(added)
        .hasSize(32)
        .allSatisfy(offer -> assertThat(LOWER_HALF.contains(offer.address().address())).isTrue());
  }

  @Test
  void givenAShareThatHasShrunk_whenOffersAreOutsideOfIt_thenTheyAreTakenBackAndNoneIsAdded() {
    offered.extend(share(pools("10.8.0.0/24"), Set.of()), 250);
    long outside =
        offered.all().stream()
            .filter(offer -> !LOWER_HALF.contains(offer.address().address()))
            .count();

    assertThat(offered.surplus(half(100))).hasSize((int) outside);
  }

  @Test
  void givenAFullPod_whenSomebodyDials_thenThereIsAnAddressToSendThemElsewhereWith() {
    assertThat(offered.extend(half(0), 250)).hasSize(OfferedAddresses.KNOCKING);
    assertThat(offered.extend(half(0), 250)).isEmpty();
  }

  @Test
  void givenSomebodyWhoIsAboutToCome_whenTheirAddressIsOfferedFirst_thenCharonTakesItBeforeAll() {
    TunnelAddress theirs = TunnelAddress.parse("10.8.0.77");
    offered.extend(share(pools("10.8.0.0/29"), Set.of()), 250);

    Offer first = offered.first(theirs, 250).orElseThrow();

    List<String> order = OfferedAddresses.pools(250);
    assertThat(first.address()).isEqualTo(theirs);
    assertThat(offered.contains(theirs)).isTrue();
    assertThat(offered.of(theirs)).contains(first);
    assertThat(offered.all())
        .allSatisfy(
            offer ->
                assertThat(order.indexOf(first.pool()))
                    .isNotNegative()
                    .isLessThanOrEqualTo(order.indexOf(offer.pool())));
  }

  @Test
  void givenAsManyAsThereMayBe_whenOneMoreComes_thenItsAddressIsNoOthers() {
    for (int i = 1; i <= 4; i++) {
      assertThat(offered.first(TunnelAddress.parse("10.8.0." + i), 4)).isPresent();
    }
    assertThat(offered.first(TunnelAddress.parse("10.8.0.9"), 4)).isEmpty();
    assertThat(offered.contains(TunnelAddress.parse("10.8.0.9"))).isFalse();
  }

  /** A message of vici has 512 KiB at most; each name is there twice where clients have IPv6. */
  @Test
  void givenTheLargestGateway_whenItsPoolsAreListed_thenViciTakesTheList() {
    int octets =
        OfferedAddresses.pools(10_000).stream()
            .mapToInt(name -> 2 * (3 + name.length()) + "-ipv6".length())
            .sum();

    assertThat(octets).isLessThan(400 * 1024);
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
          .extend(share(pools, taken), 250)
          .forEach(offer -> assertThat(taken).doesNotContain(offer.address()));
    }
    assertThat(taken).allSatisfy(address -> assertThat(fresh.contains(address)).isFalse());
  }

  private static Share half(long room) {
    return new Share(
        pools("10.8.0.0/24"),
        address -> true,
        address -> LOWER_HALF.contains(address.address()),
        room,
        address -> false);
  }

  private static Share share(AddressPools pools, Set<TunnelAddress> taken) {
    return new Share(
        pools, address -> true, address -> true, pools.size() - taken.size(), taken::contains);
  }

  private static AddressPools pools(String range) {
    return new AddressPools(List.of(Cidr.parse(range)));
  }
}
