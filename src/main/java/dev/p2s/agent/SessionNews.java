package dev.p2s.agent;

import dev.p2s.agent.session.Credential;
import dev.p2s.agent.session.Ending;
import dev.p2s.agent.session.Refusal;
import dev.p2s.agent.session.Session;
import dev.p2s.agent.session.SessionTraffic;
import dev.p2s.agent.session.SessionWitness;
import dev.p2s.api.v1alpha1.TunnelType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tells what was decided: the audit log, the meters, and whoever else wants to know. */
final class SessionNews {

  private final AuditLog audit;
  private final AgentMeters meters;
  private final List<SessionWitness> witnesses = new ArrayList<>();

  SessionNews(AuditLog audit, AgentMeters meters) {
    this.audit = audit;
    this.meters = meters;
  }

  /** From now on somebody more is told what becomes of sessions. */
  void tell(SessionWitness witness) {
    witnesses.add(witness);
  }

  void admitted(Session session) {
    meters.admitted(session.seat().protocol());
    audit.admitted(session);
    witnesses.forEach(witness -> witness.began(session));
  }

  /**
   * Somebody is sent away.
   *
   * @param credential what they have shown, or null where they have shown nothing
   */
  void refused(Arrival arrival, Credential credential, Refusal why) {
    refused(
        arrival.seat().protocol(), credential, arrival.claimedUser(), arrival.clientAddress(), why);
  }

  /** A session that was about to begin does not. */
  void refused(Session session, Refusal why) {
    refused(session.seat().protocol(), session.credential(), "", session.clientAddress(), why);
  }

  /**
   * @param why what is held against it; empty where nothing is
   */
  void ended(Session session, SessionTraffic.Passed passed, Ending how, Optional<Refusal> why) {
    why.ifPresent(refusal -> meters.refused(session.seat().protocol(), refusal));
    audit.ended(session, passed, how, why.orElse(null));
    witnesses.forEach(witness -> witness.ended(session, passed, how, why));
  }

  private void refused(
      TunnelType protocol, Credential credential, String claimed, String from, Refusal why) {
    meters.refused(protocol, why);
    audit.refused(protocol, credential, claimed, from, why);
  }
}
