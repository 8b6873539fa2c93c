package dev.p2s.agent.session;

import java.util.Optional;

/** Told what becomes of sessions, of whatever protocol. On the agent's loop: it holds nobody up. */
public interface SessionWitness {

  /** A session has begun: its client may forward from now on. */
  void began(Session session);

  /**
   * A session is over: its client forwards nothing any more.
   *
   * @param passed in all
   * @param why what was held against it; empty where nothing was
   */
  void ended(Session session, SessionTraffic.Passed passed, Ending how, Optional<Refusal> why);
}
