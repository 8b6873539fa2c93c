package dev.p2s.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.addressing.Cidr;
import dev.p2s.agent.ikev2.NextAddress;
import dev.p2s.agent.session.ClientCertificate;
import dev.p2s.agent.session.ClientCertificate.Thumbprints;
import dev.p2s.agent.session.Session;
import dev.p2s.agent.session.Session.Seat;
import dev.p2s.agent.session.SessionTable;
import dev.p2s.api.v1alpha1.TunnelType;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.Holding;
import dev.p2s.dataplane.LastAddress;
import dev.p2s.dataplane.Share;
import dev.p2s.dataplane.States;
import dev.p2s.dataplane.kernel.ProcessSlot;
import dev.p2s.dataplane.kernel.TunnelAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReturningClientsTest {

  private static final String HERE = "10.8.0.7";
  private static final String OTHER = "10.8.0.8";
  private static final String ELSEWHERE = "10.8.0.200";

  @TempDir Path directory;

  private final List<String> happened = new ArrayList<>();
  private final Charon charon = new Charon();
  private Instant now = Instant.parse("2026-11-29T12:00:00Z");
  private final Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);
  private final PriorityQueue<Later> later = new PriorityQueue<>(Comparator.comparing(Later::at));
  private final PodShares shares = new PodShares(0, clock);
  private final AwaitedAddresses awaited = new AwaitedAddresses(this::after, clock);
  private SessionTable table;
  private ReturningClients returning;

  @BeforeEach
  void oneOfTwoPods() throws IOException {
    table = new SessionTable(directory);
    table.load();
    returning = new ReturningClients(awaited, table, shares, charon, this::after, clock);
    follow("10.8.0.0/25");
  }

  @Test
  void givenNobodyWhoHadAnAddress_whenTheyCome_thenTheyAreLetInAtOnce() {
    comes("alice");

    assertThat(happened).containsExactly("alice is in");
  }

  @Test
  void givenAnAddressElsewhere_whenItsOwnerComes_thenItIsFetchedBeforeTheyAreInAndTheyHaveIt() {
    awaited.follow(List.of(last("alice", ELSEWHERE)));

    comes("alice");
    assertThat(happened).as("it waits").isEmpty();
    assertThat(awaited.claims()).containsExactly(Cidr.parse(ELSEWHERE));

    follow("10.8.0.0/25", ELSEWHERE + "/32");
    assertThat(happened).containsExactly("alice is in");
    assertThat(charon.gives("alice")).isEqualTo(ELSEWHERE);
  }

  @Test
  void givenAnAddressThatStaysElsewhere_whenThePatienceIsOver_thenTheyAreLetInWithoutIt() {
    awaited.follow(List.of(last("alice", ELSEWHERE)));
    comes("alice");

    pass(Duration.ofSeconds(5));

    assertThat(happened).containsExactly("alice is in");
    assertThat(awaited.claims()).isEmpty();
  }

  @Test
  void givenSeveralWhoReturnAtOnce_whenEachTakesAnAddress_thenItIsTheirOwn() {
    awaited.follow(List.of(last("alice", HERE), last("bob", OTHER)));

    comes("alice");
    comes("bob");
    comes("carol");
    assertThat(happened).containsExactly("alice is in");

    assertThat(charon.gives("alice")).isEqualTo(HERE);
    assertThat(happened).containsExactly("alice is in", "bob is in");

    assertThat(charon.gives("bob")).isEqualTo(OTHER);
    assertThat(happened).containsExactly("alice is in", "bob is in", "carol is in");
    assertThat(charon.gives("carol")).isEqualTo("ahead");
  }

  @Test
  void givenOneWhoDoesNotComeOn_whenTheirTurnIsOver_thenTheNextHasTheirOwnAddressAllTheSame() {
    awaited.follow(List.of(last("alice", HERE), last("bob", OTHER)));
    comes("alice");
    comes("bob");

    pass(ReturningClients.TURN);

    assertThat(happened).containsExactly("alice is in", "bob is in");
    assertThat(charon.gives("bob")).isEqualTo(OTHER);
    assertThat(charon.gives("alice")).as("too late").isEqualTo("ahead");
  }

  @Test
  void givenAStrangerWhoTookTheAddress_whenItsOwnersTurnIsOver_thenTheNextHasTheirOwn() {
    awaited.follow(List.of(last("alice", HERE), last("bob", OTHER)));
    comes("alice");
    comes("bob");

    assertThat(charon.gives("mallory")).isEqualTo(HERE);
    assertThat(happened).as("alice may be under way").containsExactly("alice is in");
    pass(ReturningClients.TURN);

    assertThat(charon.gives("bob")).isEqualTo(OTHER);
  }

  @Test
  void givenSomebodyLetInJustNow_whenAnotherReturns_thenTheirTurnBeginsWhenTheFirstHasAnAddress() {
    awaited.follow(List.of(last("alice", HERE)));
    comes("carol");
    comes("alice");

    assertThat(charon.gives("carol")).isEqualTo("ahead");
    pass(ReturningClients.UNDER_WAY);

    assertThat(happened).containsExactly("carol is in", "alice is in");
    assertThat(charon.gives("alice")).isEqualTo(HERE);
  }

  @Test
  void givenOneWhoShowsACertificateAgainAndAgain_whenOthersCome_thenItHasOneTurn() {
    awaited.follow(List.of(last("alice", HERE)));
    comes("alice");
    pass(ReturningClients.TURN);

    comes("alice");
    comes("bob");

    assertThat(happened).containsExactly("alice is in", "alice is in", "bob is in");
  }

  @Test
  void givenAServerThatCannotBeAsked_whenSomebodyComes_thenTheyAreLetInAndNobodyWaits() {
    charon.answers = false;
    awaited.follow(List.of(last("alice", HERE)));

    comes("alice");
    comes("bob");

    assertThat(happened).containsExactly("alice is in", "bob is in");
  }

  @Test
  void givenAServerThatHangs_whenSomebodyComes_thenNobodyWaitsForLong() {
    charon.hangs = true;
    awaited.follow(List.of(last("alice", HERE)));
    comes("alice");
    comes("bob");
    assertThat(happened).isEmpty();

    pass(ReturningClients.LONGEST_TURN.multipliedBy(2));

    assertThat(happened).containsExactly("alice is in", "bob is in");
  }

  @Test
  void givenAWave_whenTheTurnsAreTooManyForAnybodysPatience_thenTheRestIsLetInWithoutOne() {
    List<String> people = IntStream.range(0, 30).mapToObj(i -> "person" + i).toList();
    awaited.follow(
        IntStream.range(0, 30).mapToObj(i -> last("person" + i, "10.8.0." + (20 + i))).toList());
    people.forEach(this::comes);

    pass(ReturningClients.PATIENCE.plus(ReturningClients.TURN));

    assertThat(happened)
        .containsExactlyElementsOf(people.stream().map(who -> who + " is in").toList());
  }

  @Test
  void givenAsManyAsMayWait_whenOneMoreComes_thenItDoesNotAskForItsAddress() {
    List<LastAddress> known = new ArrayList<>();
    for (int i = 0; i <= ReturningClients.MOST; i++) {
      known.add(last("person" + i, "10.8.0." + (130 + i)));
    }
    follow(100, "10.8.0.0/25");
    awaited.follow(known);

    for (int i = 0; i <= ReturningClients.MOST; i++) {
      comes("person" + i);
    }

    assertThat(awaited.claims()).hasSize(ReturningClients.MOST);
    assertThat(happened).containsExactly("person" + ReturningClients.MOST + " is in");
  }

  @Test
  void givenAnAddressThatSomebodyHasMeanwhile_whenItsOwnersTurnComes_thenItIsNotOffered()
      throws IOException {
    awaited.follow(List.of(last("alice", HERE), last("bob", OTHER)));
    comes("alice");
    comes("bob");
    table.add(session(OTHER));

    assertThat(charon.gives("alice")).isEqualTo(HERE);

    assertThat(happened).containsExactly("alice is in", "bob is in");
    assertThat(charon.gives("bob")).isEqualTo("ahead");
  }

  @Test
  void givenAFullPod_whenSomebodyComesWhoHadAnAddressElsewhere_thenNobodyWaitsForIt()
      throws IOException {
    for (int i = 0; i < 10; i++) {
      table.add(session("10.8.0." + (20 + i)));
    }
    awaited.follow(List.of(last("alice", ELSEWHERE)));

    comes("alice");

    assertThat(happened).containsExactly("alice is in");
    assertThat(awaited.claims()).isEmpty();
  }

  /** As charon does: whoever comes gets the first address of its list that nobody has. */
  private final class Charon implements NextAddress {

    private final SortedMap<Integer, TunnelAddress> offered = new TreeMap<>();
    private boolean answers = true;
    private boolean hangs;

    @Override
    public void offer(TunnelAddress address, Consumer<Boolean> done) {
      if (hangs) {
        return;
      }
      if (answers) {
        int name = 0;
        while (offered.containsKey(name)) {
          name++;
        }
        offered.put(name, address);
      }
      done.accept(answers);
    }

    @Override
    public void withdraw(TunnelAddress address, Runnable done) {
      if (!hangs) {
        offered.values().remove(address);
        done.run();
      }
    }

    String gives(String user) {
      if (offered.isEmpty()) {
        return "ahead";
      }
      TunnelAddress address = offered.remove(offered.firstKey());
      returning.given(address, List.of(certificate(user)));
      return address.toString();
    }
  }

  private record Later(Instant at, Runnable task) {}

  private void after(Duration time, Runnable task) {
    later.add(new Later(now.plus(time), task));
  }

  private void pass(Duration time) {
    Instant end = now.plus(time);
    while (!later.isEmpty() && !later.peek().at().isAfter(end)) {
      Later next = later.remove();
      now = next.at();
      next.task().run();
    }
    now = end;
  }

  private void comes(String user) {
    returning.comesIn(certificate(user), () -> happened.add(user + " is in"));
  }

  private void follow(String... blocks) {
    follow(10, blocks);
  }

  private void follow(int connections, String... blocks) {
    Holding here = new Holding(connections, Stream.of(blocks).map(Cidr::parse).toList());
    Holding there = new Holding(10, List.of(Cidr.parse("10.8.0.128/25")));
    GatewayState state =
        States.gateway()
            .pools("10.8.0.0/24")
            .limit(connections + 10)
            .shares(new Share(0, here, here), new Share(1, there, there))
            .routed()
            .build();
    shares.follow(state);
    awaited.follow(state, shares::allow);
  }

  private static LastAddress last(String user, String address) {
    return new LastAddress(
        user,
        certificate(user).thumbprint(),
        TunnelType.IKEv2,
        TunnelAddress.parse(address),
        "192.0.2.7");
  }

  private static Session session(String address) {
    return new Session(
        "%016x".formatted(address.hashCode()),
        certificate("somebody"),
        "192.0.2.9:4711",
        TunnelAddress.parse(address),
        0,
        new Seat(TunnelType.IKEv2, ProcessSlot.IKEV2, "life", address.hashCode()),
        null,
        null,
        null);
  }

  private static ClientCertificate certificate(String user) {
    return new ClientCertificate(
        user,
        List.of(
            new Thumbprints(
                "%040x".formatted(user.hashCode()), "%064x".formatted(user.hashCode()))));
  }
}
