package dev.p2s.clusterapi;

import static dev.p2s.clusterapi.Reports.OFFICE;
import static dev.p2s.clusterapi.Reports.pod;
import static dev.p2s.clusterapi.Reports.session;
import static dev.p2s.clusterapi.Reports.silent;
import static org.assertj.core.api.Assertions.assertThat;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SessionFeedTest {

  private Instant now = Reports.NOON;
  private final SessionFeed feed =
      new SessionFeed(((InstantSource) () -> now).withZone(ZoneOffset.UTC));
  private final List<String> seen = new ArrayList<>();

  @Test
  void givenSessionsThatComeAndGo_whenSomebodyWatches_thenEachIsToldOnceAndTrafficIsNot() {
    Runnable stop = watch(feed.version());
    feed.heard(OFFICE, pod(session(1, "alice")));
    feed.heard(OFFICE, pod(session(1, "alice").withoutTraffic()));
    feed.heard(OFFICE, pod(session(1, "alice renewed"), session(2, "bob")));
    feed.heard(OFFICE, pod(session(2, "bob")));
    stop.run();
    feed.heard(OFFICE, pod());

    assertThat(seen)
        .containsExactly(
            "ADDED alice", "MODIFIED alice renewed", "ADDED bob", "DELETED alice renewed");
    assertThat(names()).isEmpty();
  }

  @Test
  void givenTraffic_whenListed_thenItIsTheNewest() {
    feed.heard(OFFICE, pod(session(1, "alice")));
    feed.heard(OFFICE, pod(session(1, "alice").withoutTraffic()));

    assertThat(feed.list(object -> true).getFirst().values())
        .containsEntry("bytesIn", 0L)
        .containsEntry("bytesOut", 0L);
  }

  @Test
  void givenAListOfAnEarlierTime_whenAWatchGoesOnFromIt_thenWhatHappenedMeanwhileIsTold() {
    feed.heard(OFFICE, pod(session(1, "alice"), session(2, "bob")));
    pass(60);
    long listed = feed.version();
    pass(10);
    feed.heard(OFFICE, pod(session(2, "bob"), session(3, "carol")));
    pass(10);

    watch(listed);

    assertThat(seen).containsExactly("DELETED alice", "ADDED carol");
  }

  @Test
  void givenNoVersion_whenAWatchBegins_thenItIsToldOfEverySession() {
    feed.heard(OFFICE, pod(session(1, "alice"), session(2, "bob")));
    pass(60);
    watch(0);
    assertThat(seen).containsExactly("ADDED alice", "ADDED bob");
  }

  @Test
  void givenAnAgentThatStartsAnew_whenItIsHeardAgainSoon_thenNothingHasHappened() {
    feed.heard(OFFICE, pod(session(1, "alice")));
    watch(feed.version() + 10_000);
    feed.heard(OFFICE, silent());
    pass(29);
    feed.heard(OFFICE, silent());
    assertThat(names()).containsExactly("alice");

    feed.heard(OFFICE, pod(session(1, "alice")));

    assertThat(seen).isEmpty();
  }

  @Test
  void givenAnAgentThatIsSilentForLong_whenLookedAtAgain_thenItsSessionsAreNotClaimedAnyMore() {
    feed.heard(OFFICE, pod(session(1, "alice")));
    pass(31);
    feed.heard(OFFICE, silent());

    assertThat(names()).isEmpty();
    assertThat(feed.connections(OFFICE)).isEmpty();
  }

  @Test
  void givenAPodThatIsGone_whenHeardOfNoMore_thenItsSessionsAreGoneAtOnce() {
    feed.heard(OFFICE, pod(session(1, "alice")));
    feed.heard(OFFICE, Map.of());

    assertThat(names()).isEmpty();
    assertThat(feed.gateways()).isEmpty();
  }

  @Test
  void givenSeveralPods_whenCounted_thenAllTogetherAndOnlyIfAllAreHeard() {
    feed.heard(
        OFFICE,
        Map.of(
            "office-0", Optional.of(Reports.report(Reports.sessions(3))),
            "office-1", Optional.of(Reports.report(List.of(session(9, "zoe"))))));
    assertThat(feed.connections(OFFICE)).hasValue(4);

    feed.heard(
        OFFICE,
        Map.of(
            "office-0", Optional.of(Reports.report(Reports.sessions(3))),
            "office-1", Optional.of(Reports.report(List.of(session(9, "zoe")))),
            "office-2", Optional.empty()));
    assertThat(feed.connections(OFFICE)).isEmpty();
    assertThat(feed.connections(new ResourceID("other", "vpn"))).isEmpty();
  }

  @Test
  void givenASession_whenAskedWhereItIs_thenItsGatewayAndPodAreNamed() {
    feed.heard(OFFICE, pod(session(1, "alice")));
    LiveObject alice = feed.list(object -> true).getFirst();

    assertThat(feed.place(alice)).hasValue(new SessionFeed.Place(OFFICE, "office-0"));
    feed.heard(OFFICE, pod());
    assertThat(feed.place(alice)).isEmpty();
  }

  private Runnable watch(long version) {
    return feed.watch(
        version, change -> seen.add(change.kind() + " " + change.session().values().get("user")));
  }

  private List<Object> names() {
    return feed.list(object -> true).stream().map(object -> object.values().get("user")).toList();
  }

  private void pass(int seconds) {
    now = now.plus(Duration.ofSeconds(seconds));
  }
}
