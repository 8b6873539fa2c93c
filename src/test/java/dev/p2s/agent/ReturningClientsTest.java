package dev.p2s.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.addressing.Cidr;
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
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReturningClientsTest {

  private static final Clock NOON =
      Clock.fixed(Instant.parse("2026-11-29T12:00:00Z"), ZoneOffset.UTC);
  private static final String HERE = "10.8.0.7";
  private static final String ELSEWHERE = "10.8.0.200";

  @TempDir Path directory;

  private final List<Runnable> later = new ArrayList<>();
  private final List<String> happened = new ArrayList<>();
  private final List<Consumer<Boolean>> asked = new ArrayList<>();
  private final PodShares shares = new PodShares(0, NOON);
  private final AwaitedAddresses awaited =
      new AwaitedAddresses((time, task) -> later.add(task), NOON);
  private SessionTable table;
  private ReturningClients returning;

  @BeforeEach
  void oneOfTwoPods() throws IOException {
    table = new SessionTable(directory);
    table.load();
    returning =
        new ReturningClients(
            awaited,
            table,
            shares,
            (address, done) -> {
              happened.add("next " + address);
              asked.add(done);
            },
            (time, task) -> later.add(task));
    follow("10.8.0.0/25");
  }

  @Test
  void givenNobodyWhoHadAnAddress_whenTheyCome_thenTheyAreLetInAtOnce() {
    comes("alice");

    assertThat(happened).containsExactly("alice is in");
  }

  @Test
  void givenAnAddressElsewhere_whenItsOwnerComes_thenItIsFetchedAndGivenAwayNextBeforeTheyAreIn() {
    awaited.follow(List.of(last("alice", ELSEWHERE)));

    comes("alice");
    assertThat(happened).as("it waits").isEmpty();
    assertThat(awaited.claims()).containsExactly(Cidr.parse(ELSEWHERE));

    follow("10.8.0.0/25", ELSEWHERE + "/32");
    assertThat(happened).containsExactly("next " + ELSEWHERE);

    asked.getFirst().accept(true);
    assertThat(happened).containsExactly("next " + ELSEWHERE, "alice is in");
  }

  @Test
  void givenAnAddressThatStaysElsewhere_whenThePatienceIsOver_thenTheyAreLetInWithoutIt() {
    awaited.follow(List.of(last("alice", ELSEWHERE)));
    comes("alice");

    later.forEach(Runnable::run);

    assertThat(happened).containsExactly("alice is in");
    assertThat(awaited.claims()).isEmpty();
  }

  @Test
  void givenSomebodysTurn_whenOthersCome_thenTheyHearNothingUntilTheAddressIsGiven() {
    awaited.follow(List.of(last("alice", HERE), last("bob", "10.8.0.8")));

    comes("alice");
    comes("bob");
    comes("carol");
    assertThat(happened).containsExactly("next " + HERE);

    asked.getFirst().accept(true);
    returning.given(TunnelAddress.parse("10.8.0.99"));
    assertThat(happened).containsExactly("next " + HERE, "alice is in");

    returning.given(TunnelAddress.parse(HERE));
    assertThat(happened).containsExactly("next " + HERE, "alice is in", "next 10.8.0.8");

    asked.getLast().accept(true);
    returning.given(TunnelAddress.parse("10.8.0.8"));
    assertThat(happened).endsWith("bob is in", "carol is in");
  }

  @Test
  void givenSomebodyWhoDoesNotComeOn_whenTheirTurnIsOver_thenTheNextIsLetIn() {
    awaited.follow(List.of(last("alice", HERE)));
    comes("alice");
    asked.getFirst().accept(true);
    comes("bob");
    assertThat(happened).containsExactly("next " + HERE, "alice is in");

    later.forEach(Runnable::run);

    assertThat(happened).endsWith("bob is in");
  }

  @Test
  void givenAServerThatCannotBeAsked_whenSomebodyComes_thenTheyAreLetInAndNobodyWaits() {
    awaited.follow(List.of(last("alice", HERE)));
    comes("alice");
    comes("bob");

    asked.getFirst().accept(false);

    assertThat(happened).containsExactly("next " + HERE, "alice is in", "bob is in");
  }

  @Test
  void givenAnAddressThatSomebodyHasMeanwhile_whenItsOwnersTurnComes_thenItIsNotOffered()
      throws IOException {
    awaited.follow(List.of(last("alice", HERE), last("bob", "10.8.0.8")));
    comes("alice");
    comes("bob");
    table.add(session("10.8.0.8"));
    asked.getFirst().accept(true);

    returning.given(TunnelAddress.parse(HERE));

    assertThat(happened).containsExactly("next " + HERE, "alice is in", "bob is in");
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

  private void comes(String user) {
    returning.comesIn(certificate(user), () -> happened.add(user + " is in"));
  }

  private void follow(String... blocks) {
    Holding here = new Holding(10, Stream.of(blocks).map(Cidr::parse).toList());
    Holding there = new Holding(10, List.of(Cidr.parse("10.8.0.128/25")));
    GatewayState state =
        States.gateway()
            .pools("10.8.0.0/24")
            .limit(20)
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
