package dev.p2s.agent.report;

import dev.p2s.agent.session.ClientCertificate;
import dev.p2s.agent.session.Session;
import dev.p2s.agent.session.SessionTraffic;
import dev.p2s.agent.state.StateBundle;
import dev.p2s.dataplane.AgentReport;
import dev.p2s.dataplane.AgentReportBuilder;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;

/** What the operator is told, from what the agent knows. */
public final class ReportFactory {

  private ReportFactory() {}

  /** The report before any state has been read. */
  public static AgentReport starting(String pod) {
    return AgentReport.of(pod).message("the agent starts").build();
  }

  /**
   * @param bundle the state in force
   * @param problem what keeps it from being in force, for a person; empty where nothing does
   */
  public static AgentReportBuilder report(
      String pod,
      Optional<StateBundle> bundle,
      String problem,
      Collection<Session> sessions,
      SessionTraffic traffic) {
    AgentReportBuilder report =
        AgentReport.of(pod)
            .message(problem)
            .sessions(sessions.stream().map(session -> row(session, traffic.of(session))).toList());
    bundle.ifPresent(
        followed -> {
          report.state(followed.state().generation(), followed.hash());
          if (problem.isEmpty()) {
            report.programmed();
          }
        });
    return report;
  }

  /** Whether two reports say the same but for what has passed. */
  static boolean differOnlyInTraffic(AgentReport one, AgentReport other) {
    return withoutTraffic(one).equals(withoutTraffic(other));
  }

  private static AgentReport withoutTraffic(AgentReport report) {
    return report.with(
        report.sessions().stream().map(AgentReport.Session::withoutTraffic).toList());
  }

  private static AgentReport.Session row(Session session, SessionTraffic.Passed passed) {
    return new AgentReport.Session(
        session.id(),
        session.credential().user(),
        session.credential().method().name(),
        session.seat().protocol().name(),
        session.clientAddress(),
        session.address().toString(),
        Instant.ofEpochMilli(session.sinceMillis()),
        session.credential().thumbprint(),
        passed.bytes().in(),
        passed.bytes().out(),
        session.group(),
        session.ipv6() == null ? null : session.ipv6().toString(),
        passed.packets().in(),
        passed.packets().out(),
        session.credential() instanceof ClientCertificate shown
            ? shown.chain().getLast().sha256()
            : null);
  }
}
