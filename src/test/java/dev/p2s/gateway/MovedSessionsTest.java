package dev.p2s.gateway;

import static dev.p2s.gateway.ReportedSessions.session;
import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.addressing.Cidr;
import dev.p2s.dataplane.AgentReport;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MovedSessionsTest {

  private static final AgentReport LEAVING =
      AgentReport.of("gw-1")
          .sessions(
              List.of(
                  session("eve", "IKEv2", "10.8.0.4"),
                  session("mallory", "IKEv2", "10.8.0.5"),
                  session("bob", "OpenVPN", "10.8.0.6")))
          .build();

  @Test
  void givenAClientThatWaitsElsewhereForItsAddress_whenItsOldPodLeaves_thenItIsLetGoOfThere() {
    assertThat(moved(claiming("10.8.0.4/32", "10.8.0.6/32"), Set.of("gw-1")))
        .as("OpenVPN's clients end their sessions before they dial")
        .containsExactly(new MovedSessions("gw-1", session("eve", "IKEv2", "10.8.0.4").id()));
  }

  @Test
  void givenAPodThatStays_whenItsAddressIsClaimed_thenItsClientStays() {
    assertThat(moved(claiming("10.8.0.4/32"), Set.of())).isEmpty();
  }

  @Test
  void givenTwoPodsThatLeave_whenOneClaimsTheOthersAddress_thenNobodyIsLetGoOf() {
    assertThat(moved(claiming("10.8.0.4/32"), Set.of("gw-0", "gw-1"))).isEmpty();
  }

  private static List<MovedSessions> moved(AgentReport other, Set<String> leaving) {
    return MovedSessions.of(Map.of("gw-0", other, "gw-1", LEAVING), leaving);
  }

  private static AgentReport claiming(String... addresses) {
    return AgentReport.of("gw-0").claims(Stream.of(addresses).map(Cidr::parse).toList()).build();
  }
}
