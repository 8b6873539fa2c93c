package dev.p2s.gateway.shares;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.addressing.Cidr;
import dev.p2s.dataplane.Holding;
import dev.p2s.dataplane.Share;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * The protocol played with clients that come and go, pods that are made, cut off, crash and leave,
 * and a number of replicas and a limit that people change: whatever the order, never more sessions
 * than the limit, and no address twice.
 */
class ShareProtocolTest {

  /** The gateway's, and those of a policy group. */
  private static final List<List<Cidr>> POOLS =
      List.of(List.of(Cidr.parse("10.8.0.0/26")), List.of(Cidr.parse("10.9.0.0/28")));

  private static final List<Cidr> EVERY_POOL = POOLS.stream().flatMap(List::stream).toList();

  private static final int STEPS = 200;

  /** What stands in the Secret. */
  private List<Share> written = List.of();

  private int version;
  private int limit;
  private int lastLimit;
  private int replicas;
  private final Map<Integer, PlayedPod> pods = new TreeMap<>();

  /** Of sessions that ended. */
  private final List<String> hadBySomebody = new ArrayList<>();

  private Random random;

  @Property(tries = 60)
  void givenAnyHistory_whenPlayed_thenTheLimitHoldsAtEveryMoment(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 5) int first) {
    begin(seed);
    limit = 20 + random.nextInt(60);
    replicas = first;
    int highest = limit;
    operate();
    for (int step = 0; step < STEPS; step++) {
      play();
      if (random.nextInt(3) > 0) {
        operate();
      }
      assertInvariant(highest);
      if (random.nextInt(100) == 0) {
        limit = 20 + random.nextInt(60);
        highest = Math.max(highest, limit);
        operate();
      }
    }
  }

  @Property(tries = 20)
  void givenNobodyIsCutOff_whenClientsKeepTrying_thenAllThatTheGatewayAllowsGetIn(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int count) {
    begin(seed);
    limit = 50;
    replicas = count;
    operate();
    for (int i = 0; i < count; i++) {
      pods.put(i, starting(i));
    }
    int onlyHere = random.nextInt(count);
    int rounds = 0;
    while (sessions() < limit) {
      // a balancer that sends everybody to one pod is the worst there is
      dial(onlyHere);
      exchange();
      assertThat(rounds++).as("dials until " + limit + " are in").isLessThan(limit * 4);
    }
    dial(onlyHere);
    assertThat(sessions()).isEqualTo(limit);
  }

  @Property(tries = 200)
  void givenARefusal_whenTheGatewayHasRoomElsewhere_thenItLastsForFewExchanges(
      @ForAll long seed, @ForAll @IntRange(min = 2, max = 5) int count, @ForAll boolean ofGroup) {
    begin(seed, count);
    for (int step = 0; step < STEPS; step++) {
      int ordinal = random.nextInt(count);
      if (random.nextInt(3) == 0) {
        hangUp(ordinal);
      } else {
        dial(ordinal);
      }
      if (random.nextInt(3) == 0) {
        exchange();
      }
    }
    while (sessions() >= limit || sessionsOfGroup() >= 13) {
      hangUp(random.nextInt(count));
    }
    // a balancer that sends somebody to the same pod each time is the worst there is
    PlayedPod here = pods.get(random.nextInt(count));
    int before = sessions();
    int refused = 0;
    dial(here, ofGroup);
    while (sessions() == before) {
      assertThat(++refused)
          .as("exchanges until who was refused gets in")
          .isLessThanOrEqualTo(ofGroup ? 6 : 4);
      exchange();
      dial(here, ofGroup);
    }
  }

  /** Every agent reports, the operator writes, every agent follows what it wrote. */
  private void exchange() {
    operate();
    pods.keySet().forEach(this::follow);
  }

  @Property(tries = 60)
  void givenAPodLeaves_whenItsClientsComeBackElsewhere_thenEachHasItsAddressAfterTwoExchanges(
      @ForAll long seed, @ForAll @IntRange(min = 2, max = 5) int count) {
    begin(seed, count);
    for (int step = 0; step < STEPS / 4; step++) {
      dial(random.nextInt(count));
      exchange();
    }
    while (sessions() > limit / 2) {
      hangUp(random.nextInt(count));
    }
    exchange();
    PlayedPod leaves = pods.get(random.nextInt(count));
    leaves.leaving = true;
    exchange();
    exchange();
    List<PlayedPod> others = pods.values().stream().filter(pod -> pod != leaves).toList();
    for (String address : List.copyOf(leaves.addresses)) {
      leaves.addresses.remove(address);
      PlayedPod other = others.get(random.nextInt(others.size()));
      if (other.addresses.size() + other.claims.size() < other.share.connections()) {
        other.claims.add(address);
      }
    }
    exchange();
    exchange();
    assertThat(others).allSatisfy(pod -> assertThat(pod.claims).as("still waited for").isEmpty());
    assertInvariant(limit);
  }

  @Property(tries = 60)
  void givenSomebodyDropsOut_whenTheyDialAnotherPod_thenTheyHaveTheirAddressAfterThreeExchanges(
      @ForAll long seed, @ForAll @IntRange(min = 2, max = 5) int count) {
    begin(seed, count);
    for (int step = 0; step < limit / 2; step++) {
      dial(random.nextInt(count));
      exchange();
    }
    for (int step = 0; step < 20; step++) {
      int from = random.nextInt(count);
      hangUp(from);
      PlayedPod to = pods.get(random.nextInt(count));
      if (to.addresses.size() < to.share.connections() && !hadBySomebody.isEmpty()) {
        String address = hadBySomebody.getLast();
        boolean taken = pods.values().stream().anyMatch(pod -> pod.addresses.contains(address));
        to.claims.add(address);
        exchange();
        exchange();
        exchange();
        assertThat(taken || to.claims.isEmpty()).as("has " + address).isTrue();
        to.claims.clear();
      }
      assertInvariant(limit);
    }
  }

  @Property(tries = 20)
  void givenAnyState_whenNothingHappens_thenSoonNothingIsWritten(@ForAll long seed) {
    begin(seed);
    limit = 40;
    replicas = 3;
    operate();
    for (int step = 0; step < 50; step++) {
      play();
      operate();
    }
    pods.values().forEach(pod -> pod.cutOff = false);
    for (int round = 0; round < 20; round++) {
      List.copyOf(pods.keySet()).forEach(this::follow);
      pods.values().forEach(pod -> pod.wantsMore = false);
      pods.values().forEach(pod -> pod.lacks.clear());
      pods.values().forEach(pod -> pod.claims.clear());
      operate();
    }
    int before = version;
    operate();
    operate();
    assertThat(version).isEqualTo(before);
  }

  /** Tries share one instance of this class. */
  private void begin(long seed) {
    random = new Random(seed);
    written = List.of();
    version = 0;
    lastLimit = 0;
    pods.clear();
    hadBySomebody.clear();
  }

  /** So many pods with a limit between 20 and 49. */
  private void begin(long seed, int count) {
    begin(seed);
    limit = 20 + random.nextInt(30);
    replicas = count;
    operate();
    for (int i = 0; i < count; i++) {
      pods.put(i, starting(i));
    }
  }

  private void play() {
    int ordinal = random.nextInt(6);
    switch (random.nextInt(12)) {
      case 0, 1, 2, 3 -> dial(ordinal);
      case 4 -> hangUp(ordinal);
      case 5, 6 -> follow(ordinal);
      case 7 -> {
        if (pods.containsKey(ordinal)) {
          pods.get(ordinal).cutOff = random.nextBoolean();
        }
      }
      case 8 -> {
        // the StatefulSet makes a missing pod; one that leaves ends at last
        if (!pods.containsKey(ordinal) && ordinal < replicas) {
          pods.put(ordinal, starting(ordinal));
        } else if (pods.containsKey(ordinal) && pods.get(ordinal).leaving) {
          pods.remove(ordinal);
        }
      }
      case 10 -> comeBack(ordinal);
      case 11 -> {
        if (random.nextInt(3) == 0) {
          pods.values().forEach(pod -> pod.claims.clear());
        }
      }
      default -> {
        if (random.nextInt(4) == 0) {
          replicas = 1 + random.nextInt(5);
          operate();
        }
        pods.forEach((i, pod) -> pod.leaving |= i >= replicas);
        if (random.nextInt(6) == 0 && pods.containsKey(ordinal)) {
          pods.get(ordinal).leaving = true;
        }
      }
    }
  }

  private PlayedPod starting(int ordinal) {
    PlayedPod pod = new PlayedPod();
    pod.share = holding(ordinal);
    pod.follows = version;
    return pod;
  }

  private void dial(int ordinal) {
    PlayedPod pod = pods.get(ordinal);
    if (pod == null || pod.leaving) {
      return;
    }
    dial(pod, random.nextInt(4) == 0);
  }

  private void dial(PlayedPod pod, boolean ofGroup) {
    for (int i = 2;
        i < (ofGroup ? 15 : 63) && pod.addresses.size() < pod.share.connections();
        i++) {
      String address = (ofGroup ? "10.9.0." : "10.8.0.") + i;
      if (!pod.addresses.contains(address) && pod.mayUse(address)) {
        pod.addresses.add(address);
        return;
      }
    }
    pod.wantsMore = true;
    if (pod.addresses.size() < pod.share.connections()) {
      pod.lacks.add(ofGroup ? EVERY_POOL.getLast() : EVERY_POOL.getFirst());
    }
  }

  private void hangUp(int ordinal) {
    PlayedPod pod = pods.get(ordinal);
    if (pod != null && !pod.addresses.isEmpty()) {
      String address = pod.addresses.iterator().next();
      pod.addresses.remove(address);
      hadBySomebody.add(address);
    }
  }

  /** Somebody who had an address anywhere dials a pod and waits there for it. */
  private void comeBack(int ordinal) {
    PlayedPod pod = pods.get(ordinal);
    if (pod != null && !pod.leaving && !hadBySomebody.isEmpty()) {
      pod.claims.add(hadBySomebody.get(random.nextInt(hadBySomebody.size())));
      pod.letIn();
    }
  }

  private void follow(int ordinal) {
    PlayedPod pod = pods.get(ordinal);
    if (pod != null && !pod.cutOff) {
      pod.share = holding(ordinal);
      pod.follows = version;
      pod.letIn();
    }
  }

  private void operate() {
    Map<Integer, Replica> seen = new TreeMap<>();
    pods.forEach(
        (ordinal, pod) -> {
          seen.put(ordinal, pod.seen(!pod.cutOff && pod.follows == version));
          pod.wantsMore = false;
          pod.lacks.clear();
        });
    List<Share> base =
        written.isEmpty() && version > 0
            ? List.of(
                new Share(
                    0, new Holding(lastLimit, EVERY_POOL), new Holding(lastLimit, EVERY_POOL)))
            : written;
    List<Share> next = SharePlan.next(limit, POOLS, replicas, base, seen);
    if (version == 0 || !next.equals(written) || limit != lastLimit) {
      written = next;
      lastLimit = limit;
      version++;
    }
  }

  private Holding holding(int ordinal) {
    if (written.isEmpty()) {
      return ordinal == 0 ? new Holding(lastLimit, EVERY_POOL) : Holding.NONE;
    }
    return written.stream()
        .filter(share -> share.ordinal() == ordinal)
        .map(Share::now)
        .findFirst()
        .orElse(Holding.NONE);
  }

  private int sessions() {
    return pods.values().stream().mapToInt(pod -> pod.addresses.size()).sum();
  }

  private long sessionsOfGroup() {
    return pods.values().stream()
        .flatMap(pod -> pod.addresses.stream())
        .filter(address -> address.startsWith("10.9."))
        .count();
  }

  private void assertInvariant(int highest) {
    assertThat(sessions()).as("sessions").isLessThanOrEqualTo(highest);
    List<String> addresses = pods.values().stream().flatMap(p -> p.addresses.stream()).toList();
    assertThat(addresses).as("addresses in use").doesNotHaveDuplicates();
  }
}
