package dev.p2s.agent.report;

import dev.p2s.agent.session.Session;
import dev.p2s.agent.session.SessionTraffic;
import dev.p2s.agent.state.StateBundle;
import dev.p2s.dataplane.AgentReport;
import dev.p2s.dataplane.Holding;
import dev.p2s.dataplane.ikev2.EspPlace;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What the operator is told, from what the agent knows. */
public final class ReportFactory {

  private ReportFactory() {}

  /** The report before any state has been read. */
  public static AgentReport starting(String pod) {
    return new AgentReport(
        AgentReport.SCHEMA, pod, 0, "", false, "the agent starts", null, false, List.of());
  }

  /**
   * @param bundle the state in force
   * @param held the most that the pod can use as long as the state is the same
   * @param wantsMore whether somebody was turned away lately for lack of a larger share
   * @param problem what keeps it from being in force, for a person; empty where nothing does
   * @param esp where ESP is done; empty where it is not or nobody knows
   * @param revocationLists what is held of each root's
   */
  public static AgentReport report(
      String pod,
      Optional<StateBundle> bundle,
      String problem,
      Holding held,
      boolean wantsMore,
      Collection<Session> sessions,
      SessionTraffic traffic,
      Optional<EspPlace> esp,
      List<AgentReport.RevocationList> revocationLists) {
    return new AgentReport(
        AgentReport.SCHEMA,
        pod,
        bundle.map(b -> b.state().generation()).orElse(0L),
        bundle.map(StateBundle::hash).orElse(""),
        bundle.isPresent() && problem.isEmpty(),
        problem,
        held,
        wantsMore,
        sessions.stream().map(session -> row(session, traffic)).toList(),
        esp.orElse(null),
        revocationLists);
  }

  /** Whether two reports say the same but for the bytes that have passed. */
  static boolean differOnlyInTraffic(AgentReport one, AgentReport other) {
    return withoutTraffic(one).equals(withoutTraffic(other));
  }

  private static AgentReport withoutTraffic(AgentReport report) {
    return new AgentReport(
        report.schema(),
        report.pod(),
        report.stateGeneration(),
        report.stateHash(),
        report.programmed(),
        report.message(),
        report.held(),
        report.wantsMore(),
        report.sessions().stream().map(AgentReport.Session::withoutTraffic).toList(),
        report.esp(),
        report.revocationLists());
  }

  private static AgentReport.Session row(Session session, SessionTraffic traffic) {
    return new AgentReport.Session(
        session.id(),
        session.credential().user(),
        session.credential().method().name(),
        session.seat().protocol().name(),
        session.clientAddress(),
        session.address().toString(),
        Instant.ofEpochMilli(session.sinceMillis()),
        session.credential().thumbprint(),
        traffic.of(session).in(),
        traffic.of(session).out(),
        session.group(),
        traffic.packetsOf(session).in(),
        traffic.packetsOf(session).out());
  }
}
