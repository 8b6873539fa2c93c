package dev.p2s.agent.radius;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Which server a login goes to, whatever was heard of them before. */
class ServerReachPropertiesTest {

  private static final Instant START = Instant.parse("2026-11-23T12:00:00Z");

  /** What can happen at a server, one a second. */
  enum Event {
    PROBE_ANSWERED,
    PROBE_MISSED,
    LOGIN_ANSWERED,
    LOGIN_UNANSWERED,
    CLOSED
  }

  @Property
  void givenAnyHistory_whenChosen_thenNoneThatIsKnownToBeAwayAndTheBestOfTheRest(
      @ForAll("histories") List<Event> first,
      @ForAll("histories") List<Event> second,
      @ForAll @IntRange(min = 1, max = 30) int score,
      @ForAll @IntRange(min = 1, max = 30) int otherScore) {
    List<RadiusServer> servers = List.of(server(4, score), server(5, otherScore));
    Map<RadiusServer, ServerReach> reach = new HashMap<>();
    reach.put(servers.getFirst(), after(first));
    reach.put(servers.getLast(), after(second));
    Instant now = START.plusSeconds(60);

    Optional<RadiusServer> next = ServerReach.next(servers, reach::get, now);

    List<RadiusServer> possible = new ArrayList<>(servers);
    possible.removeIf(server -> reach.get(server).grade(now) == ServerReach.Grade.AWAY);
    assertThat(next.isPresent()).isEqualTo(!possible.isEmpty());
    next.ifPresent(
        chosen ->
            assertThat(possible)
                .contains(chosen)
                .allSatisfy(
                    other -> {
                      int grades =
                          reach.get(chosen).grade(now).compareTo(reach.get(other).grade(now));
                      assertThat(grades).isNotPositive();
                      if (grades == 0) {
                        assertThat(chosen.score()).isGreaterThanOrEqualTo(other.score());
                      }
                    }));
  }

  @Property
  void givenAnyHistory_whenAnythingIsAnswered_thenItIsGoodAtOnce(
      @ForAll("histories") List<Event> history) {
    assertThat(after(history).loginAnswered().grade(START)).isEqualTo(ServerReach.Grade.GOOD);
    assertThat(after(history).probeAnswered().grade(START)).isEqualTo(ServerReach.Grade.GOOD);
  }

  @Property
  void givenAServerThatAnswersNoProbes_whenOnlySilent_thenItIsNeverGivenUp(
      @ForAll @Size(max = 40) List<Boolean> logins) {
    ServerReach reach = ServerReach.UNKNOWN;
    for (boolean login : logins) {
      reach = login ? reach.loginUnanswered(START) : reach.probeMissed();
      assertThat(reach.grade(START)).isNotEqualTo(ServerReach.Grade.AWAY);
    }
    assertThat(reach.grade(START.plus(ServerReach.BELIEVED))).isEqualTo(ServerReach.Grade.GOOD);
  }

  @Property
  void givenAClosedPort_whenTimeGoesBy_thenItIsTriedAgain(
      @ForAll("histories") List<Event> history) {
    ServerReach closed = after(history).loginAnswered().closed(START);
    assertThat(closed.grade(START)).isEqualTo(ServerReach.Grade.AWAY);
    assertThat(closed.grade(START.plus(ServerReach.CLOSED))).isEqualTo(ServerReach.Grade.GOOD);
  }

  @Provide
  Arbitrary<List<Event>> histories() {
    return Arbitraries.of(Event.class).list().ofMaxSize(30);
  }

  private static ServerReach after(List<Event> history) {
    ServerReach reach = ServerReach.UNKNOWN;
    for (int second = 0; second < history.size(); second++) {
      Instant now = START.plusSeconds(second);
      reach =
          switch (history.get(second)) {
            case PROBE_ANSWERED -> reach.probeAnswered();
            case PROBE_MISSED -> reach.probeMissed();
            case LOGIN_ANSWERED -> reach.loginAnswered();
            case LOGIN_UNANSWERED -> reach.loginUnanswered(now);
            case CLOSED -> reach.closed(now);
          };
    }
    return reach;
  }

  private static RadiusServer server(int last, int score) {
    try {
      return new RadiusServer(
          InetAddress.getByAddress(new byte[] {10, 1, 0, (byte) last}),
          1812,
          1813,
          score,
          new byte[] {1});
    } catch (java.net.UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }
}
