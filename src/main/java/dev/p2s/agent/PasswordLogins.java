package dev.p2s.agent;

import dev.p2s.agent.session.Authentication;
import dev.p2s.agent.session.Authenticator;
import dev.p2s.agent.session.LoginAttempt;
import dev.p2s.agent.session.Refusal;
import dev.p2s.agent.session.Session.Seat;
import dev.p2s.agent.state.StateBundle;
import dev.p2s.dataplane.AgentReport;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Logins by name and password that wait for an answer from elsewhere, one a seat. Used on the
 * agent's loop only; answers come back to it.
 */
final class PasswordLogins implements AutoCloseable {

  private static final Refusal NOT_THIS_WAY =
      new Refusal(
          Refusal.Reason.METHOD_NOT_SERVED,
          "This gateway does not let people in this way. Ask for a new VPN profile.");

  private final List<Authenticator> authenticators;
  private final Executor loop;
  private final Map<Seat, Object> waiting = new HashMap<>();

  /**
   * @param authenticators in the order in which they are asked whether an attempt is theirs
   */
  PasswordLogins(List<Authenticator> authenticators, Executor loop) {
    this.authenticators = List.copyOf(authenticators);
    this.loop = loop;
  }

  void follow(StateBundle bundle) {
    authenticators.forEach(authenticator -> authenticator.follow(bundle));
  }

  /**
   * Begins a login; an earlier one of the same seat is forgotten.
   *
   * @param then told of the outcome on the loop, unless the login is forgotten before
   */
  void begin(Seat seat, LoginAttempt attempt, Consumer<Authentication> then) {
    Optional<Authenticator> authenticator =
        authenticators.stream().filter(each -> each.takes(attempt)).findFirst();
    if (authenticator.isEmpty()) {
      waiting.remove(seat);
      then.accept(new Authentication.Refused(NOT_THIS_WAY));
      return;
    }
    Object login = new Object();
    waiting.put(seat, login);
    authenticator
        .get()
        .authenticate(
            attempt,
            outcome ->
                loop.execute(
                    () -> {
                      if (waiting.remove(seat, login)) {
                        then.accept(outcome);
                      }
                    }));
  }

  /** The client of a seat has gone: whatever the answer will be, it is too late. */
  void forget(Seat seat) {
    waiting.remove(seat);
  }

  void tick() {
    authenticators.forEach(Authenticator::tick);
  }

  /** What is held of the issuer of access tokens; empty where none let people in. */
  Optional<AgentReport.IssuerReach> issuer() {
    return authenticators.stream().map(Authenticator::issuer).flatMap(Optional::stream).findFirst();
  }

  @Override
  public void close() {
    authenticators.forEach(Authenticator::close);
  }
}
