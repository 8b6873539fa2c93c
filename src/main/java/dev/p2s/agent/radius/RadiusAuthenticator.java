package dev.p2s.agent.radius;

import dev.p2s.agent.session.Authentication;
import dev.p2s.agent.session.Authenticator;
import dev.p2s.agent.session.LoginAttempt;
import dev.p2s.agent.session.Refusal;
import dev.p2s.agent.state.StateBundle;
import dev.p2s.api.v1alpha1.RadiusSpec.PasswordProtocol;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.aaa4j.radius.core.attribute.Attribute;
import org.jboss.logging.Logger;

/**
 * Finds out at the RADIUS servers who somebody is. A login is one request to one server, chosen
 * before it is sent, and nothing is sent twice: a person is asked by their phone once.
 */
public final class RadiusAuthenticator implements Authenticator {

  private static final Logger LOG = Logger.getLogger(RadiusAuthenticator.class);

  /**
   * Logins that wait for an answer at a time; more than any SKU has connections would be a flood.
   */
  private static final int WAITING = 2_000;

  static final Refusal AWAY =
      new Refusal(
          Refusal.Reason.AUTHENTICATION_AWAY,
          "The RADIUS server does not answer. Try again later.");
  static final Refusal IN_TIME =
      new Refusal(
          Refusal.Reason.LOGIN_EXPIRED,
          "Your login was not confirmed in time, or the RADIUS server does not answer. Log in"
              + " again.");
  static final Refusal UNSPEAKABLE =
      new Refusal(
          Refusal.Reason.WRONG_CREDENTIAL,
          "User name or password is longer than a RADIUS server can be told.");
  private static final Refusal CHALLENGE_OVER =
      new Refusal(Refusal.Reason.LOGIN_EXPIRED, "This code comes too late or twice. Log in again.");

  private final Clock clock;
  private final SecureRandom random;
  private final RadiusServers servers;
  private final PendingChallenges challenges = new PendingChallenges();
  private final Semaphore waiting = new Semaphore(WAITING);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  public RadiusAuthenticator(RadiusServers servers, Clock clock, SecureRandom random) {
    this.servers = servers;
    this.clock = clock;
    this.random = random;
  }

  /** The agent makes the servers follow, for all that ask them. */
  @Override
  public void follow(StateBundle bundle) {}

  @Override
  public boolean takes(LoginAttempt attempt) {
    return servers.settings().filter(RadiusSettings::byPassword).isPresent();
  }

  @Override
  public void authenticate(LoginAttempt attempt, Consumer<Authentication> answer) {
    Optional<RadiusSettings> asked = servers.settings();
    if (asked.isEmpty() || !waiting.tryAcquire()) {
      answer.accept(new Authentication.Refused(AWAY));
      return;
    }
    try {
      threads.execute(
          () -> {
            Authentication outcome = new Authentication.Refused(AWAY);
            try {
              outcome = logIn(attempt, asked.get());
            } catch (RuntimeException e) {
              LOG.errorf("a RADIUS login failed: %s", e.getClass().getName());
            } finally {
              waiting.release();
              answer.accept(outcome);
            }
          });
    } catch (RejectedExecutionException e) {
      // the agent ends; its clients dial again and meet the next one
      waiting.release();
      answer.accept(new Authentication.Refused(AWAY));
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  private Authentication logIn(LoginAttempt attempt, RadiusSettings asked) {
    boolean isAnswer = attempt.challenge().isPresent();
    PasswordProtocol protocol = isAnswer ? PasswordProtocol.PAP : asked.passwords();
    if (!LoginRequests.canSay(attempt.user(), attempt.password(), protocol)) {
      return new Authentication.Refused(UNSPEAKABLE);
    }
    return isAnswer ? answered(attempt, asked) : fresh(attempt, asked);
  }

  private Authentication fresh(LoginAttempt attempt, RadiusSettings asked) {
    Optional<RadiusServer> server = servers.next(asked, List.of());
    if (server.isEmpty()) {
      return new Authentication.Refused(AWAY);
    }
    if (asked.passwords() == PasswordProtocol.PAP) {
      return ask(
          attempt,
          asked,
          server.get(),
          LoginRequests.password(
              asked, attempt.user(), attempt.password(), attempt.clientAddress()),
          Optional.empty());
    }
    MsChapV2 conversation = MsChapV2.of(attempt.user(), attempt.password(), random);
    return ask(
        attempt,
        asked,
        server.get(),
        LoginRequests.msChapV2(asked, attempt.user(), conversation, attempt.clientAddress()),
        Optional.of(conversation.expected()));
  }

  private Authentication answered(LoginAttempt attempt, RadiusSettings asked) {
    Optional<PendingChallenges.Pending> pending =
        challenges.take(attempt.challenge().orElseThrow(), attempt.user(), clock.instant());
    if (pending.isEmpty()) {
      return new Authentication.Refused(CHALLENGE_OVER);
    }
    return ask(
        attempt,
        asked,
        pending.get().server(),
        LoginRequests.answer(
            asked,
            attempt.user(),
            attempt.password(),
            pending.get().state(),
            attempt.clientAddress()),
        Optional.empty());
  }

  private Authentication ask(
      LoginAttempt attempt,
      RadiusSettings asked,
      RadiusServer server,
      List<Attribute<?>> attributes,
      Optional<String> expected) {
    return switch (servers.ask(server, attributes, asked.timeout())) {
      case RadiusServers.Reply.Silence(boolean away) ->
          new Authentication.Refused(away ? AWAY : IN_TIME);
      case RadiusServers.Reply.Answer answer ->
          outcome(attempt, server, LoginAnswer.of(answer.packet(), expected));
    };
  }

  private Authentication outcome(LoginAttempt attempt, RadiusServer server, LoginAnswer answer) {
    return switch (answer) {
      case LoginAnswer.Accepted accepted ->
          new Authentication.Known(accepted.person(attempt.user(), clock.instant()));
      case LoginAnswer.Rejected rejected -> new Authentication.Refused(rejected(rejected));
      case LoginAnswer.Challenge challenge -> {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        String id = HexFormat.of().formatHex(bytes);
        challenges.add(
            id,
            new PendingChallenges.Pending(
                attempt.user(),
                server,
                challenge.state(),
                clock.instant().plus(PendingChallenges.VALIDITY)));
        yield new Authentication.Challenged(id, challenge.question(), challenge.echo());
      }
    };
  }

  static Refusal rejected(LoginAnswer.Rejected answer) {
    return new Refusal(
        Refusal.Reason.WRONG_CREDENTIAL,
        "The RADIUS server refuses this user name and password."
            + (answer.why().isEmpty() ? "" : " It says: " + answer.why()));
  }
}
