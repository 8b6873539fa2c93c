package dev.p2s.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.api.v1alpha1.P2SGatewayStatus;
import dev.p2s.dataplane.AgentReport;
import dev.p2s.dataplane.AgentReport.IssuerReach;
import dev.p2s.dataplane.TokenIssuer;
import dev.p2s.status.Conditions;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a person is told of the issuer of access tokens. */
class IssuerReachabilityTest {

  private static final String ISSUER = "https://sts.windows.net/11111111/";
  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
  private static final Instant ELEVEN = NOON.minusSeconds(3_600);

  @Test
  void givenPodsThatHoldKeys_whenTold_thenTheOldestCount() {
    IssuerReachability seen = of(new IssuerReach(NOON, ""), new IssuerReach(ELEVEN, ""));

    assertThat(seen.status())
        .isEqualTo(new P2SGatewayStatus.TokenIssuer(ISSUER, "vpn", "2026-11-23T11:00:00Z"));
    assertThat(condition(seen).orElseThrow())
        .extracting(Condition::getStatus, Condition::getReason, Condition::getMessage)
        .containsExactly(
            "True", "IssuerAnswers", "the keys of https://sts.windows.net/11111111/ are held");
  }

  @Test
  void givenAnIssuerThatWentAway_whenTold_thenUntilWhenLoginsGoOn() {
    IssuerReachability seen =
        of(new IssuerReach(NOON, ""), new IssuerReach(ELEVEN, "no route to host"));

    assertThat(condition(seen).orElseThrow())
        .extracting(Condition::getStatus, Condition::getReason, Condition::getMessage)
        .containsExactly(
            "False",
            "IssuerAway",
            "the signing keys of https://sts.windows.net/11111111/ cannot be fetched: no route to"
                + " host; logins go on by the keys of 2026-11-23T11:00:00Z for a day from then");
  }

  @Test
  void givenAPodThatNeverHadKeys_whenTold_thenNobodyCanLogIn() {
    IssuerReachability seen = of(new IssuerReach(NOON, ""), new IssuerReach(null, "404"));

    assertThat(seen.status().keysSince()).isNull();
    assertThat(condition(seen).orElseThrow().getMessage())
        .endsWith("404; nobody can log in by an access token until they can");
  }

  @Test
  void givenNothingHeardYetOrNoTokens_whenTold_thenNothingIsSaid() {
    assertThat(condition(of())).isEmpty();
    assertThat(condition(of(new IssuerReach(null, ""))).orElseThrow().getStatus())
        .isEqualTo("Unknown");
    assertThat(IssuerReachability.of(null, List.of())).isEmpty();
    // an agent one version older
    assertThat(
            IssuerReachability.of(issuer(), List.of(AgentReport.of("office-0").build()))
                .orElseThrow()
                .told())
        .isFalse();
  }

  private static IssuerReachability of(IssuerReach... seen) {
    return IssuerReachability.of(
            issuer(),
            IntStream.range(0, seen.length)
                .mapToObj(i -> AgentReport.of("office-" + i).issuer(seen[i]).build())
                .toList())
        .orElseThrow();
  }

  private static TokenIssuer issuer() {
    return new TokenIssuer(
        AuthenticationType.EntraID,
        ISSUER,
        ISSUER + ".well-known/openid-configuration",
        "vpn",
        "11111111",
        List.of("RS256"),
        List.of("upn"),
        "groups",
        List.of(),
        null,
        null);
  }

  private static Optional<Condition> condition(IssuerReachability seen) {
    Conditions conditions = new Conditions(null, 1, NOON);
    seen.tell(conditions);
    return conditions.list().stream()
        .filter(condition -> condition.getType().equals(IssuerReachability.CONDITION))
        .findFirst();
  }
}
