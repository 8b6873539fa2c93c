package dev.p2s.agent;

import dev.p2s.agent.session.Ending;
import dev.p2s.agent.session.Refusal;
import dev.p2s.agent.session.Session;
import dev.p2s.agent.session.SessionTable;
import dev.p2s.agent.session.SessionTraffic;
import dev.p2s.agent.session.SessionWitness;
import java.util.List;
import java.util.Optional;

/**
 * Where the gateway wants it, a user's newest session ends the earlier ones, of whatever protocol
 * and way to log in. Their clients are told not to dial again, or two machines would throw each
 * other out in turn. Of sessions at other pods the operator knows. On the agent's loop only.
 */
final class DuplicateSessions implements SessionWitness {

  private final SessionTable table;
  private final PolicyPoint policy;

  DuplicateSessions(SessionTable table, PolicyPoint policy) {
    this.table = table;
    this.policy = policy;
  }

  @Override
  public void began(Session session) {
    if (policy.state().filter(state -> state.newestOnly()).isEmpty()) {
      return;
    }
    List.copyOf(table.all()).stream()
        .filter(other -> !other.id().equals(session.id()))
        .filter(other -> other.credential().user().equalsIgnoreCase(session.credential().user()))
        .forEach(earlier -> policy.dismiss(earlier, Ending.REPLACED));
  }

  @Override
  public void ended(
      Session session, SessionTraffic.Passed passed, Ending how, Optional<Refusal> why) {}
}
