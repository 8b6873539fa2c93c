package dev.p2s.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.addressing.Cidr;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.Holding;
import dev.p2s.dataplane.ServingReplica;
import dev.p2s.dataplane.Share;
import dev.p2s.dataplane.States;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pod's end: whom it waits for, and for how long. */
class DepartureTest {

  private static final Holding HALF = new Holding(2, List.of(Cidr.parse("10.8.0.0/25")));
  private static final Holding OTHER_HALF = new Holding(2, List.of(Cidr.parse("10.8.0.128/25")));

  @TempDir Path own;
  private TestGateway gateway;
  private Departure departure;

  @BeforeEach
  void twoPeopleAreIn() throws IOException {
    gateway = new TestGateway(own.resolve("sessions"));
    departure = gateway.departure(own);
    departure.begin();
  }

  @Test
  void givenNobody_whenItLeaves_thenItIsGoneAtOnce() throws IOException {
    gateway.follow(alone());
    leave(300);
    departure.tick();
    assertThat(isDone()).isTrue();
  }

  @Test
  void givenNoOtherPod_whenNoneIsAnnounced_thenItEndsAfterSixSeconds() throws IOException {
    twoAreIn(alone());
    leave(300);
    tick(5);
    assertThat(isDone()).isFalse();
    tick(2);
    assertThat(isDone()).isTrue();
  }

  @Test
  void givenAPodThatIsBeingMade_whenItServes_thenClientsMoveToItAndNotBefore() throws IOException {
    twoAreIn(both(new ServingReplica(0, null)));
    leave(300);
    tick(30);
    assertThat(isDone()).isFalse();
    assertThat(gateway.table.size()).isEqualTo(2);

    gateway.follow(both(new ServingReplica(0, null), new ServingReplica(1, null)));
    tick(4);

    assertThat(gateway.table.size()).isZero();
    assertThat(gateway.happened).anyMatch(told -> told.contains("client-kill 1 RESTART"));
    assertThat(isDone()).isTrue();
  }

  @Test
  void givenAnOperatorThatSaysNothingOfReadiness_whenItLeaves_thenAShareIsEnough()
      throws IOException {
    twoAreIn(States.gateway().roots(TestGateway.ROOT).limit(4).shares(shares()).build());
    leave(300);
    tick(10);
    assertThat(isDone()).isTrue();
  }

  @Test
  void givenAPodThatNeverServes_whenTheTimeIsOver_thenEverybodyIsLetGo() throws IOException {
    twoAreIn(both(new ServingReplica(0, null)));
    leave(30);
    tick(19);
    assertThat(isDone()).isFalse();
    tick(2);
    assertThat(isDone()).isTrue();
    assertThat(gateway.table.size()).isZero();
  }

  @Test
  void givenClientsThatCannotBeMoved_whenAsked_thenTheyStayUntilTheTimeIsOver() throws IOException {
    gateway.stays = true;
    twoAreIn(both(new ServingReplica(0, null), new ServingReplica(1, "198.51.100.11")));
    leave(60);
    tick(45);
    assertThat(gateway.table.size()).isEqualTo(2);
    assertThat(gateway.happened).filteredOn(told -> told.startsWith("redirect")).hasSize(8);
    tick(6);
    assertThat(isDone()).isTrue();
    assertThat(gateway.table.size()).isZero();
  }

  private void twoAreIn(GatewayState state) {
    gateway.follow(state);
    gateway.admit(1);
    gateway.admit(2);
    assertThat(gateway.table.size()).isEqualTo(2);
  }

  private void leave(int seconds) throws IOException {
    Files.writeString(own.resolve("leave"), seconds + "\n");
  }

  private void tick(int seconds) {
    for (int i = 0; i < seconds; i++) {
      departure.tick();
      gateway.policy.flush();
      gateway.pass(Duration.ofSeconds(1));
    }
    departure.tick();
    gateway.policy.flush();
  }

  private boolean isDone() {
    return Files.exists(own.resolve("left"));
  }

  private static GatewayState alone() {
    return States.gateway().roots(TestGateway.ROOT).build();
  }

  private static GatewayState both(ServingReplica... serving) {
    return States.gateway()
        .roots(TestGateway.ROOT)
        .limit(4)
        .shares(shares())
        .serving(serving)
        .build();
  }

  private static Share[] shares() {
    return new Share[] {new Share(0, HALF, HALF), new Share(1, OTHER_HALF, OTHER_HALF)};
  }
}
