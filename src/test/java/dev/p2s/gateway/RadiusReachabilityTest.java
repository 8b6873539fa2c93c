package dev.p2s.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.api.v1alpha1.P2SGatewaySpec.Exposure;
import dev.p2s.api.v1alpha1.P2SGatewayStatus;
import dev.p2s.dataplane.AgentReport;
import dev.p2s.dataplane.AgentReport.RadiusReach;
import dev.p2s.dataplane.AgentReport.Reach;
import dev.p2s.status.Conditions;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a person is told of the RADIUS servers, and what to do (use/answers.md). */
class RadiusReachabilityTest {

  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

  @Test
  void givenServersThatAnswer_whenTold_thenReachableAndWhen() {
    RadiusReachability seen =
        of(reach("10.1.0.4", Reach.ANSWERS, NOON), reach("2001:db8::4", Reach.ANSWERS, NOON));

    assertThat(condition(seen).orElseThrow())
        .extracting(Condition::getStatus, Condition::getReason, Condition::getMessage)
        .containsExactly("True", "RadiusAnswers", "10.1.0.4, 2001:db8::4 answered");
    assertThat(seen.status())
        .isEqualTo(
            new P2SGatewayStatus.Radius(
                List.of(
                    new P2SGatewayStatus.RadiusServer("10.1.0.4", true, "2026-11-23T12:00:00Z"),
                    new P2SGatewayStatus.RadiusServer("2001:db8::4", true, "2026-11-23T12:00:00Z")),
                List.of("203.0.113.7", "10.244.1.3")));
  }

  @Test
  void givenNpsThatDoesNotKnowTheGateway_whenALoginWasUnanswered_thenToldWhatToEnterThere() {
    RadiusReachability seen = of(reach("10.1.0.4", Reach.SILENT, null));

    assertThat(condition(seen).orElseThrow())
        .extracting(Condition::getStatus, Condition::getReason, Condition::getMessage)
        .containsExactly(
            "False",
            "NoReply",
            "10.1.0.4 never answered in 3 tries; NPS drops unknown clients silently: add"
                + " 203.0.113.7 and 10.244.1.3 as RADIUS client, compare the secret");
    assertThat(seen.status().servers())
        .containsExactly(new P2SGatewayStatus.RadiusServer("10.1.0.4", false, null));
  }

  @Test
  void givenNobodyHasLoggedInAtNps_whenTold_thenNobodyKnows() {
    RadiusReachability seen = of(reach("10.1.0.4", Reach.UNHEARD, null));

    assertThat(condition(seen).orElseThrow())
        .extracting(Condition::getStatus, Condition::getReason)
        .containsExactly("Unknown", "NoReply");
    assertThat(condition(seen).orElseThrow().getMessage())
        .contains("the first login will tell", "add 203.0.113.7 and 10.244.1.3");
    assertThat(seen.status().servers())
        .containsExactly(new P2SGatewayStatus.RadiusServer("10.1.0.4", null, null));
  }

  @Test
  void givenOneOfTwoHasStopped_whenTold_thenWhichAndSinceWhen() {
    RadiusReachability seen =
        of(reach("10.1.0.4", Reach.SILENT, NOON), reach("10.1.0.5", Reach.ANSWERS, NOON));

    assertThat(condition(seen).orElseThrow().getMessage())
        .startsWith("10.1.0.4 has not answered since 2026-11-23T12:00:00Z;");
  }

  @Test
  void givenTwoPods_whenOneHearsNothing_thenTheWorseCountsAndTheNewestAnswer() {
    List<AgentReport> reports =
        List.of(
            report("office-0", reach("10.1.0.4", Reach.ANSWERS, NOON)),
            report("office-1", reach("10.1.0.4", Reach.SILENT, NOON.minusSeconds(60))));

    assertThat(
            RadiusReachability.of(
                    Gateways.officeWithRadius(Exposure.Type.HostPort), reports, List.of())
                .orElseThrow()
                .servers())
        .containsExactly(reach("10.1.0.4", Reach.SILENT, NOON));
  }

  @Test
  void givenNothingHeardYetOrNoRadius_whenTold_thenNothingIsSaid() {
    assertThat(condition(of(reach("10.1.0.4", Reach.UNKNOWN, null)))).isEmpty();
    assertThat(condition(of())).isEmpty();
    assertThat(RadiusReachability.of(Gateways.office(Exposure.Type.HostPort), List.of(), List.of()))
        .isEmpty();
  }

  private static RadiusReachability of(RadiusReach... servers) {
    Pod pod =
        new PodBuilder()
            .withNewStatus()
            .withHostIP("203.0.113.7")
            .withPodIP("10.244.1.3")
            .endStatus()
            .build();
    return RadiusReachability.of(
            Gateways.officeWithRadius(Exposure.Type.HostPort),
            List.of(report("office-0", servers)),
            List.of(pod))
        .orElseThrow();
  }

  private static AgentReport report(String pod, RadiusReach... servers) {
    return AgentReport.of(pod).state(1, "h").programmed().radius(List.of(servers)).build();
  }

  private static RadiusReach reach(String address, Reach reach, Instant lastReply) {
    return new RadiusReach(address, reach, lastReply);
  }

  private static Optional<Condition> condition(RadiusReachability seen) {
    Conditions conditions = new Conditions(null, 1, NOON);
    seen.tell(conditions);
    return conditions.list().stream()
        .filter(condition -> condition.getType().equals(RadiusReachability.CONDITION))
        .findFirst();
  }
}
