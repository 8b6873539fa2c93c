package dev.p2s.agent;

import dev.p2s.agent.session.Ending;
import dev.p2s.agent.session.Session;
import dev.p2s.agent.session.SessionTable;
import dev.p2s.dataplane.SessionWord;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What the operator says of sessions is done. On the agent's loop only.
 *
 * @param redirected whether a session's client was told of another pod to go to
 */
record OperatorsWord(SessionTable table, PolicyPoint policy, Predicate<Session> redirected) {

  /** Ends a session; false where there is none of that id. */
  boolean end(String id, SessionWord word) {
    Optional<Session> found = table.withId(id);
    found.ifPresent(
        session -> {
          switch (word) {
            case DISCONNECT -> policy.evict(session, Ending.DISCONNECTED_BY_AN_OPERATOR);
            case MOVED -> {
              // whoever claims to be at another pod has not proved it; only who was sent there is
              if (redirected.test(session)) {
                policy.evict(session, Ending.MOVED);
              }
            }
            case REPLACE -> policy.dismiss(session, Ending.REPLACED);
          }
        });
    return found.isPresent();
  }
}
