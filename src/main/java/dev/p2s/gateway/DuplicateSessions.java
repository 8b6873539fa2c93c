package dev.p2s.gateway;

import dev.p2s.dataplane.AgentReport;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Sessions of users who have a newer one, where a gateway lets each user have one. What begins at a
 * pod is the pod's own to see; this is for what different pods have.
 *
 * @param pod that has it
 * @param session its id
 */
record DuplicateSessions(String pod, String session) {

  private record Seen(String pod, AgentReport.Session session) {
    String user() {
      return session.user().toLowerCase(Locale.ROOT);
    }
  }

  /** All of them, over all pods. */
  static List<DuplicateSessions> of(Collection<AgentReport> reports) {
    Map<String, List<Seen>> byUser =
        reports.stream()
            .flatMap(
                report ->
                    report.sessions().stream().map(session -> new Seen(report.pod(), session)))
            .collect(Collectors.groupingBy(Seen::user));
    return byUser.values().stream()
        .flatMap(
            seen ->
                seen.stream()
                    .sorted(
                        Comparator.<Seen, java.time.Instant>comparing(one -> one.session().since())
                            .thenComparing(one -> one.session().id())
                            .reversed())
                    .skip(1))
        .map(seen -> new DuplicateSessions(seen.pod(), seen.session().id()))
        .sorted(
            Comparator.comparing(DuplicateSessions::pod).thenComparing(DuplicateSessions::session))
        .toList();
  }
}
