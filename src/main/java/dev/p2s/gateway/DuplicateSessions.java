package dev.p2s.gateway;

import dev.p2s.dataplane.AgentReport;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.stream.Collectors;

/**
 * Sessions of users who have a newer one, where a gateway lets each user have one. What begins at a
 * pod is the pod's own to see; this is for what different pods have.
 *
 * @param pod that has it
 * @param session its id
 */
record DuplicateSessions(String pod, String session) {

  private static final Comparator<AgentReport.Session> BY_AGE =
      Comparator.comparing(AgentReport.Session::since).thenComparing(AgentReport.Session::id);

  /** All of them, in the reports' order. */
  static List<DuplicateSessions> of(Collection<AgentReport> reports) {
    Map<String, AgentReport.Session> newest =
        reports.stream()
            .flatMap(report -> report.sessions().stream())
            .collect(
                Collectors.toMap(
                    DuplicateSessions::user, session -> session, BinaryOperator.maxBy(BY_AGE)));
    return reports.stream()
        .flatMap(
            report ->
                report.sessions().stream()
                    .filter(session -> !session.id().equals(newest.get(user(session)).id()))
                    .map(session -> new DuplicateSessions(report.pod(), session.id())))
        .toList();
  }

  private static String user(AgentReport.Session session) {
    return session.user().toLowerCase(Locale.ROOT);
  }
}
