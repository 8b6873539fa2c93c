package dev.p2s.agent.session;

import dev.p2s.agent.state.StateBundle;
import dev.p2s.dataplane.AgentReport;
import java.util.Optional;
import java.util.function.Consumer;

/** One way to find out who somebody is by what they have sent. Used on the agent's loop. */
public interface Authenticator extends AutoCloseable {

  /** From now on this state's settings count; logins under way go on by the old ones. */
  void follow(StateBundle bundle);

  /** Whether the state in force lets people in this way and the attempt is of its kind. */
  boolean takes(LoginAttempt attempt);

  /**
   * Begins to find out, without holding up the loop.
   *
   * @param answer told exactly once, on any thread, within the authenticator's own time limit
   */
  void authenticate(LoginAttempt attempt, Consumer<Authentication> answer);

  /** To be called every second or so. */
  default void tick() {}

  /** What is held of an issuer of access tokens; empty where none is asked. */
  default Optional<AgentReport.IssuerReach> issuer() {
    return Optional.empty();
  }

  @Override
  void close();
}
