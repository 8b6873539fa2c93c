package dev.p2s.gateway;

import static dev.p2s.gateway.ReportedSessions.session;
import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.dataplane.AgentReport;
import dev.p2s.dataplane.LastAddress;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LastAddressesTest {

  private static final ResourceID GATEWAY = new ResourceID("gw", "vpn");
  private static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");

  private final LastAddresses addresses = new LastAddresses(null, null);
  private final Map<String, AgentReport> reports = new HashMap<>();
  private boolean routed = true;
  private boolean ipv6;

  @Test
  void givenSessions_whenNobodyLeaves_thenNothingIsKnown() {
    report("gw-0", session("alice", "OpenVPN", "10.8.0.2"));

    assertThat(known(NOON)).isEmpty();
  }

  @Test
  void givenAMoveUnderWay_whenAsked_thenWhoHasLeftIsKnownUntilTheyAreBack() {
    report("gw-0");
    report("gw-1", session("bob", "OpenVPN", "10.8.0.3"), session("carol", "OpenVPN", "10.8.0.5"));
    assertThat(known(NOON, "gw-1")).as("nobody has left yet").isEmpty();

    report("gw-1", session("carol", "OpenVPN", "10.8.0.5"));
    assertThat(known(NOON.plusSeconds(1), "gw-1")).containsExactly("bob 10.8.0.3");

    report("gw-0", session("bob", "OpenVPN", "10.8.0.3"));
    assertThat(known(NOON.plusSeconds(2), "gw-1")).isEmpty();
  }

  @Test
  void givenIkev2ClientsOfAPodThatLeaves_whenAsked_thenThoseStillThereAreKnownAsWell() {
    report("gw-0");
    report("gw-1", session("eve", "IKEv2", "10.8.0.4"), session("mallory", "IKEv2", "10.8.0.6"));
    assertThat(known(NOON)).as("nobody leaves").isEmpty();

    assertThat(known(NOON, "gw-1")).containsExactly("eve 10.8.0.4", "mallory 10.8.0.6");

    report("gw-0", session("eve", "IKEv2", "10.8.0.4"));
    report("gw-1", session("mallory", "IKEv2", "10.8.0.6"));
    assertThat(known(NOON.plusSeconds(1), "gw-1")).containsExactly("mallory 10.8.0.6");
  }

  @Test
  void givenClientsWithIpv6_whenThoseOfIkev2Leave_thenNobodyWaitsForTheirAddresses() {
    ipv6 = true;
    report("gw-1", session("eve", "IKEv2", "10.8.0.4"), session("bob", "OpenVPN", "10.8.0.5"));
    known(NOON, "gw-1");
    report("gw-1", session("mallory", "IKEv2", "10.8.0.6"));

    assertThat(known(NOON.plusSeconds(1), "gw-1")).containsExactly("bob 10.8.0.5");
  }

  @Test
  void givenAnIkev2ClientThatHasComeBackSince_whenItsPodLeaves_thenOnlyWhatItHasNowIsItsOwn() {
    report("gw-0", session("eve", "IKEv2", "10.8.0.4"));
    known(NOON);
    report("gw-0");
    report("gw-1", session("eve", "IKEv2", "10.8.0.7"));

    assertThat(known(NOON.plusSeconds(5), "gw-1")).containsExactly("eve 10.8.0.7");
  }

  @Test
  void givenAnAddressThatSomebodyElseHasNow_whenItsPodLeaves_thenItIsNotItsFormerOwnersAnyMore() {
    report("gw-1", session("bob", "IKEv2", "10.8.0.4"));
    known(NOON);
    report("gw-1");
    known(NOON.plusSeconds(1));
    report("gw-1", session("carol", "IKEv2", "10.8.0.4"));

    assertThat(known(NOON.plusSeconds(5), "gw-1")).containsExactly("carol 10.8.0.4");
  }

  @Test
  void givenAClientThatMovesTwiceWithinAMinute_whenAsked_thenTheAddressItHadLastComesFirst() {
    report("gw-0", session("alice", "OpenVPN", "10.8.0.2"));
    known(NOON);
    report("gw-0");
    report("gw-1", session("alice", "OpenVPN", "10.8.0.7"));
    assertThat(known(NOON.plusSeconds(5))).containsExactly("alice 10.8.0.2");

    report("gw-1");

    assertThat(known(NOON.plusSeconds(20))).containsExactly("alice 10.8.0.7", "alice 10.8.0.2");
  }

  @Test
  void givenMasqueradedTraffic_whenIkev2ClientsLeave_thenNobodyWaitsForTheirAddresses() {
    routed = false;
    report("gw-0");
    report("gw-1", session("eve", "IKEv2", "10.8.0.4"));
    assertThat(known(NOON, "gw-1")).isEmpty();

    report("gw-1");
    assertThat(known(NOON.plusSeconds(1), "gw-1")).isEmpty();
  }

  @Test
  void givenASessionThatEnded_whenAMinuteHasPassed_thenItsAddressIsAnybodys() {
    report("gw-0", session("alice", "SSTP", "10.8.0.2"));
    known(NOON);
    report("gw-0");

    assertThat(known(NOON.plusSeconds(10))).containsExactly("alice 10.8.0.2");
    assertThat(known(NOON.plusSeconds(69))).containsExactly("alice 10.8.0.2");
    assertThat(known(NOON.plusSeconds(71))).isEmpty();
  }

  @Test
  void givenMasqueradedTraffic_whenSessionsEnd_thenOnlyThoseOfAPodThatLeftMayTurnUpElsewhere() {
    routed = false;
    report("gw-0", session("alice", "OpenVPN", "10.8.0.2"));
    report("gw-1", session("bob", "OpenVPN", "10.8.0.3"));
    known(NOON, "gw-1");
    report("gw-0");
    reports.remove("gw-1");

    assertThat(known(NOON.plusSeconds(1))).containsExactly("bob 10.8.0.3");
  }

  @Test
  void givenAPodThatIsHeardNoMore_whenAsked_thenItsClientsMayTurnUpElsewhere() {
    report("gw-0");
    report("gw-1", session("bob", "OpenVPN", "10.8.0.3"));
    known(NOON);
    reports.remove("gw-1");

    assertThat(known(NOON.plusSeconds(1))).containsExactly("bob 10.8.0.3");
  }

  @Test
  void givenAGatewayThatIsGone_whenAnotherOfItsNameIsMade_thenNothingIsKnownOfIt() {
    report("gw-0", session("alice", "OpenVPN", "10.8.0.2"));
    known(NOON);
    addresses.retain(List.of());
    reports.clear();

    assertThat(known(NOON)).isEmpty();
  }

  private List<String> known(Instant now, String... leaving) {
    return addresses.known(GATEWAY, routed, routed && !ipv6, reports, Set.of(leaving), now).stream()
        .map(LastAddressesTest::row)
        .toList();
  }

  private static String row(LastAddress last) {
    return last.user() + " " + last.tunnelAddress();
  }

  private void report(String pod, AgentReport.Session... sessions) {
    reports.put(pod, AgentReport.of(pod).sessions(Stream.of(sessions).toList()).build());
  }
}
