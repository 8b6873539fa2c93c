package dev.p2s.gateway;

import dev.p2s.api.v1alpha1.P2SGatewayStatus;
import dev.p2s.dataplane.AgentReport;
import dev.p2s.dataplane.AgentReport.IssuerReach;
import dev.p2s.dataplane.TokenIssuer;
import dev.p2s.status.Conditions;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Whether the keys that sign access tokens are to be had, as all of a gateway's pods see it
 * together: the oldest keys count, and any pod's problem.
 *
 * @param keysSince null while a pod has none
 * @param problem of the first pod that has one; empty where none has
 * @param told whether a pod has said anything of it
 */
record IssuerReachability(TokenIssuer issuer, Instant keysSince, String problem, boolean told) {

  static final String CONDITION = "IssuerReachable";

  /**
   * @param issuer whose tokens count, or null where none do; then there is nothing to tell
   */
  static Optional<IssuerReachability> of(TokenIssuer issuer, Collection<AgentReport> reports) {
    if (issuer == null) {
      return Optional.empty();
    }
    List<IssuerReach> seen =
        reports.stream()
            .sorted(Comparator.comparing(AgentReport::pod))
            .map(AgentReport::issuer)
            .filter(Objects::nonNull)
            .toList();
    Instant oldest =
        seen.stream().anyMatch(reach -> reach.keysSince() == null)
            ? null
            : seen.stream().map(IssuerReach::keysSince).min(Comparator.naturalOrder()).orElse(null);
    String problem =
        seen.stream()
            .map(IssuerReach::problem)
            .filter(text -> !text.isEmpty())
            .findFirst()
            .orElse("");
    return Optional.of(new IssuerReachability(issuer, oldest, problem, !seen.isEmpty()));
  }

  /** For the status. */
  P2SGatewayStatus.TokenIssuer status() {
    return new P2SGatewayStatus.TokenIssuer(
        issuer.issuer(), issuer.audience(), keysSince == null ? null : keysSince.toString());
  }

  /** Not said before a pod has tried. */
  void tell(Conditions conditions) {
    if (!problem.isEmpty()) {
      conditions.no(
          CONDITION,
          GatewayReason.IssuerAway,
          "the signing keys of "
              + issuer.issuer()
              + " cannot be fetched: "
              + problem
              + (keysSince == null
                  ? "; nobody can log in by an access token until they can"
                  : "; logins go on by the keys of " + keysSince + " for a day from then"));
    } else if (keysSince != null) {
      conditions.yes(
          CONDITION, GatewayReason.IssuerAnswers, "the keys of " + issuer.issuer() + " are held");
    } else if (told) {
      conditions.unknown(
          CONDITION, GatewayReason.IssuerAway, "the keys of " + issuer.issuer() + " are fetched");
    }
  }
}
