package dev.p2s.gateway;

import dev.p2s.dataplane.AgentReport;
import dev.p2s.dataplane.GatewayState.TrustedRoot;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Roots that a gateway trusts no longer, and how many sessions end with them. */
final class RemovedRoots {

  private RemovedRoots() {}

  /**
   * What an event says of each root that has gone.
   *
   * @param before the roots that agents follow so far
   * @param now those that they follow from now on
   * @param reports what agents have told last
   */
  static List<Condition> told(
      Collection<TrustedRoot> before,
      Collection<TrustedRoot> now,
      Collection<AgentReport> reports) {
    Set<String> trusted = now.stream().map(TrustedRoot::sha256).collect(Collectors.toSet());
    return before.stream()
        .filter(root -> !trusted.contains(root.sha256()))
        .map(root -> told(root, sessions(root, reports)))
        .toList();
  }

  private static long sessions(TrustedRoot root, Collection<AgentReport> reports) {
    return reports.stream()
        .flatMap(report -> report.sessions().stream())
        .filter(session -> session.rootSha256().equals(root.sha256()))
        .count();
  }

  private static Condition told(TrustedRoot root, long sessions) {
    return new ConditionBuilder()
        .withType("Root/" + root.name() + "/" + root.sha256())
        .withStatus("False")
        .withReason("RootRemoved")
        .withMessage(
            "root certificate "
                + root.name()
                + " (SHA-256 "
                + root.sha256()
                + ") is trusted no longer: "
                + (sessions == 0
                    ? "no session had come in by it"
                    : sessions
                        + (sessions == 1 ? " session that came" : " sessions that came")
                        + " in by it "
                        + (sessions == 1 ? "ends" : "end"))
                + "; packages that were made with it connect no longer")
        .build();
  }
}
