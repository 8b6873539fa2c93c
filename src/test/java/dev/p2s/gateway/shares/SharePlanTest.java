package dev.p2s.gateway.shares;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.addressing.Cidr;
import dev.p2s.dataplane.Holding;
import dev.p2s.dataplane.Share;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SharePlanTest {

  private static final List<List<Cidr>> POOL = List.of(List.of(Cidr.parse("10.8.0.0/24")));
  private static final int LIMIT = 250;

  @Test
  void givenHalfOfThePool_whenTwoPodsShareIt_thenTheyHaveThatHalfAndNothingElse() {
    List<List<Cidr>> pools = List.of(List.of(Cidr.parse("10.8.0.0/24")));
    Cidr half = Cidr.parse("10.8.0.128/25");

    List<Share> shares = SharePlan.next(128, pools, List.of(half), 2, List.of(), Map.of());

    assertThat(shares.stream().mapToInt(share -> share.now().connections()).sum())
        .as("all but the broadcast address")
        .isEqualTo(127);
    assertThat(shares)
        .allSatisfy(share -> assertThat(share.now().blocks()).allMatch(half::contains));
    assertThat(shares.getFirst().now().blocks())
        .noneMatch(block -> shares.getLast().now().blocks().stream().anyMatch(block::overlaps));
  }

  @Test
  void givenOneReplica_whenPlanned_thenItHasItAllAndNothingIsWritten() {
    assertThat(SharePlan.next(LIMIT, POOL, 1, List.of(), Map.of())).isEmpty();
  }

  @Test
  void givenANewGatewayOfTwo_whenPlanned_thenEachHasHalf() {
    List<Share> shares = SharePlan.next(LIMIT, POOL, 2, List.of(), Map.of());

    assertThat(shares).extracting(share -> share.now().connections()).containsExactly(125, 125);
    assertThat(shares.get(0).now().blocks())
        .noneMatch(block -> shares.get(1).now().blocks().stream().anyMatch(block::overlaps));
    assertThat(shares).allMatch(share -> share.before().equals(Holding.NONE));
  }

  @Test
  void givenTheSameAgain_whenPlanned_thenNothingIsToBeWritten() {
    List<Share> shares = SharePlan.next(LIMIT, POOL, 2, List.of(), Map.of());

    assertThat(SharePlan.next(LIMIT, POOL, 2, shares, following(shares, 0, 0))).isSameAs(shares);
  }

  @Test
  void givenASecondReplicaIsAdded_whenTheFirstHasNotLetGo_thenTheSecondGetsNothing() {
    List<Share> whole = List.of(new Share(0, all(), all()));

    List<Share> shrunk = SharePlan.next(LIMIT, POOL, 2, whole, Map.of(0, silent()));
    assertThat(shrunk).extracting(share -> share.now().connections()).containsExactly(250, 0);

    List<Share> letting = SharePlan.next(LIMIT, POOL, 2, whole, Map.of(0, replica(all(), 10)));
    assertThat(letting).extracting(share -> share.now().connections()).containsExactly(130, 0);
    assertThat(SharePlan.next(LIMIT, POOL, 2, letting, Map.of(0, silent()))).isEqualTo(letting);

    List<Share> grown =
        SharePlan.next(LIMIT, POOL, 2, letting, Map.of(0, replica(letting.getFirst().now(), 10)));
    assertThat(grown).extracting(share -> share.now().connections()).containsExactly(130, 120);
  }

  @Test
  void givenAReplicaIsNearlyFull_whenTheOtherIsEmpty_thenItsRoomMoves() {
    List<Share> half = SharePlan.next(LIMIT, POOL, 2, List.of(), Map.of());

    List<Share> first = SharePlan.next(LIMIT, POOL, 2, half, following(half, 120, 0));
    assertThat(first).extracting(share -> share.now().connections()).containsExactly(125, 65);
    List<Share> second = SharePlan.next(LIMIT, POOL, 2, first, following(first, 120, 0));

    assertThat(second).extracting(share -> share.now().connections()).containsExactly(185, 65);
  }

  @Test
  void givenTheLastRoomIsElsewhere_whenSomebodyWasTurnedAway_thenItMoves() {
    List<Share> half = SharePlan.next(LIMIT, POOL, 2, List.of(), Map.of());
    Map<Integer, Replica> pods = following(half, 125, 124);
    assertThat(SharePlan.next(LIMIT, POOL, 2, half, pods)).isEqualTo(half);

    pods.put(0, wanting(pods.get(0)));
    List<Share> first = SharePlan.next(LIMIT, POOL, 2, half, pods);
    pods = following(first, 125, 124);
    pods.put(0, wanting(pods.get(0)));
    List<Share> second = SharePlan.next(LIMIT, POOL, 2, first, pods);

    assertThat(second).extracting(share -> share.now().connections()).containsExactly(126, 124);
  }

  @Test
  void givenAReplicaIsCutOff_whenOthersWantMore_thenItKeepsItsShare() {
    List<Share> half = SharePlan.next(LIMIT, POOL, 2, List.of(), Map.of());
    Map<Integer, Replica> pods = following(half, 125, 0);
    pods.put(1, silent());

    assertThat(SharePlan.next(LIMIT, POOL, 2, half, pods)).isEqualTo(half);
  }

  @Test
  void givenAReplicaIsTakenAway_whenItsPodIsStillThere_thenItsShareCountsUntilItHasGone() {
    List<Share> half = SharePlan.next(LIMIT, POOL, 2, List.of(), Map.of());
    Map<Integer, Replica> pods = following(half, 10, 20);
    pods.put(1, new Replica(true, pods.get(1).held(), pods.get(1).addresses(), false));

    List<Share> leaving = SharePlan.next(LIMIT, POOL, 1, half, pods);
    assertThat(leaving).extracting(share -> share.now().connections()).containsExactly(125, 0);

    Map<Integer, Replica> moved = following(leaving, 30, 0);
    moved.put(1, new Replica(true, Optional.of(Holding.NONE), List.of(), false));
    assertThat(SharePlan.next(LIMIT, POOL, 1, leaving, moved))
        .extracting(share -> share.now().connections())
        .containsExactly(250);

    moved.remove(1);
    assertThat(SharePlan.next(LIMIT, POOL, 1, leaving, moved).getFirst().now().connections())
        .isEqualTo(250);
  }

  @Test
  void givenTheSkuShrinks_whenSessionsAreMore_thenNobodyGetsAnyUntilTheyAreFewer() {
    List<Share> half = SharePlan.next(LIMIT, POOL, 2, List.of(), Map.of());

    List<Share> smaller = SharePlan.next(100, POOL, 2, half, following(half, 80, 60));

    assertThat(smaller.stream().mapToInt(share -> share.now().connections()).sum())
        .isLessThanOrEqualTo(140);
  }

  @Test
  void givenAGroupWithPoolsOfItsOwn_whenPlanned_thenEachPodHasItsPartOfThem() {
    Cidr own = Cidr.parse("10.9.0.0/27");
    List<List<Cidr>> pools = List.of(POOL.getFirst(), List.of(own));

    List<Share> shares = SharePlan.next(LIMIT, pools, 3, List.of(), Map.of());

    assertThat(shares)
        .allSatisfy(
            share ->
                assertThat(addressesIn(own, share.now()))
                    .as(share.toString())
                    .isGreaterThanOrEqualTo(9));
    assertThat(shares.stream().mapToInt(share -> share.now().connections()).sum()).isEqualTo(LIMIT);
  }

  @Test
  void givenAPoolThatIsNew_whenPlanned_thenItIsHandedOutThoughNoConnectionIs() {
    Cidr own = Cidr.parse("10.9.0.0/27");
    List<Share> half = SharePlan.next(200, POOL, 2, List.of(), Map.of());

    List<Share> next =
        SharePlan.next(
            200, List.of(POOL.getFirst(), List.of(own)), 2, half, following(half, 60, 60));

    assertThat(next).extracting(share -> share.now().connections()).containsExactly(100, 100);
    assertThat(next)
        .allSatisfy(share -> assertThat(addressesIn(own, share.now())).isGreaterThan(10));
  }

  @Test
  void givenAClaimOnAnAddressOfALeavingPod_whenItsSessionIsGone_thenTheClaimantGetsIt() {
    List<Share> half = SharePlan.next(LIMIT, POOL, 2, List.of(), Map.of());
    Cidr address = following(half, 0, 20).get(1).addresses().getLast();
    Map<Integer, Replica> pods = following(half, 10, 20);
    pods.put(1, leaving(pods.get(1).addresses()));
    List<Share> leaving = SharePlan.next(LIMIT, POOL, 1, half, pods);

    pods = following(leaving, 10, 0);
    pods.put(1, leaving(List.of(address)));
    pods.put(0, claiming(pods.get(0), address));
    assertThat(has(SharePlan.next(LIMIT, POOL, 1, leaving, pods).getFirst(), address))
        .as("while it is used")
        .isFalse();

    pods.put(1, leaving(List.of()));
    assertThat(has(SharePlan.next(LIMIT, POOL, 1, leaving, pods).getFirst(), address)).isTrue();
  }

  @Test
  void givenAClaimOnAnAddressOfAPodThatStays_whenPlanned_thenFirstThatOneLetsGo() {
    List<Share> half = SharePlan.next(LIMIT, POOL, 2, List.of(), Map.of());
    Cidr address = following(half, 0, 20).get(1).addresses().getLast();

    Map<Integer, Replica> pods = following(half, 10, 19);
    pods.put(0, claiming(pods.get(0), address));
    List<Share> withheld = SharePlan.next(LIMIT, POOL, 2, half, pods);
    assertThat(withheld).noneMatch(share -> has(share, address));
    assertThat(withheld.get(1).lent()).containsExactly(address);

    pods = following(withheld, 10, 19);
    pods.put(0, claiming(pods.get(0), address));
    List<Share> handed = SharePlan.next(LIMIT, POOL, 2, withheld, pods);
    assertThat(has(handed.get(0), address)).isTrue();
    assertThat(has(handed.get(1), address)).isFalse();
    assertThat(handed.get(0).guests()).containsExactly(address);

    List<Share> givenUp = SharePlan.next(LIMIT, POOL, 2, withheld, following(withheld, 10, 19));
    assertThat(has(givenUp.get(1), address)).as("nobody waits any more").isTrue();
    assertThat(givenUp).allMatch(share -> share.guests().isEmpty() && share.lent().isEmpty());
  }

  @Test
  void givenAClaimOnAnAddressThatSomebodyUses_whenPlanned_thenNothingIsWritten() {
    List<Share> half = SharePlan.next(LIMIT, POOL, 2, List.of(), Map.of());
    Map<Integer, Replica> pods = following(half, 10, 20);
    pods.put(0, claiming(pods.get(0), pods.get(1).addresses().getLast()));

    assertThat(SharePlan.next(LIMIT, POOL, 2, half, pods)).isSameAs(half);
  }

  @Test
  void givenAClaimOnAnAddressOfAPodThatIsCutOff_whenPlanned_thenNothingIsWritten() {
    List<Share> half = SharePlan.next(LIMIT, POOL, 2, List.of(), Map.of());
    Cidr address = following(half, 0, 20).get(1).addresses().getLast();
    Map<Integer, Replica> pods = following(half, 10, 0);
    pods.put(0, claiming(pods.get(0), address));
    pods.put(1, silent());

    assertThat(SharePlan.next(LIMIT, POOL, 2, half, pods)).isEqualTo(half);
  }

  private static boolean has(Share share, Cidr address) {
    return share.now().blocks().stream().anyMatch(block -> block.contains(address));
  }

  private static Replica claiming(Replica replica, Cidr address) {
    return new Replica(
        replica.leaving(), replica.held(), replica.addresses(), false, List.of(address), List.of());
  }

  private static Replica leaving(List<Cidr> addresses) {
    return new Replica(
        true, Optional.of(new Holding(addresses.size(), addresses)), addresses, false);
  }

  private static long addressesIn(Cidr pool, Holding holding) {
    return holding.blocks().stream()
        .filter(pool::contains)
        .mapToLong(block -> block.size().longValueExact())
        .sum();
  }

  private static Holding all() {
    return new Holding(LIMIT, POOL.getFirst());
  }

  private static Replica silent() {
    return new Replica(false, Optional.empty(), List.of(), false);
  }

  private static Replica wanting(Replica replica) {
    return new Replica(replica.leaving(), replica.held(), replica.addresses(), true);
  }

  private static Replica replica(Holding held, int sessions) {
    List<Cidr> addresses =
        IntStream.range(0, 256)
            .mapToObj(i -> Cidr.parse("10.8.0." + i))
            .filter(address -> held.blocks().stream().anyMatch(block -> block.contains(address)))
            .filter(address -> !address.toString().matches("10.8.0.(0|1|255)/32"))
            .limit(sessions)
            .toList();
    return new Replica(false, Optional.of(held), addresses, false);
  }

  private static Map<Integer, Replica> following(List<Share> shares, int... sessions) {
    Map<Integer, Replica> pods = new TreeMap<>();
    for (int i = 0; i < sessions.length; i++) {
      pods.put(i, replica(shares.get(i).now(), sessions[i]));
    }
    return pods;
  }
}
