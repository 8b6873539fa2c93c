package dev.p2s.agent.radius;

import dev.p2s.agent.session.Refusal;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Passes MSCHAPv2 on between clients and the RADIUS servers (RFC 2548, section 2.3): the gateway
 * never has the password. A login is one request to one server, as a password's is.
 */
public final class ChapRelay implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(ChapRelay.class);

  /** Logins that wait for an answer at a time; more would be a flood. */
  private static final int WAITING = 2_000;

  private static final Refusal NO_PROOF =
      new Refusal(
          Refusal.Reason.WRONG_CREDENTIAL,
          "The RADIUS server gives no proof that it knows the password (MS-CHAP2-Success).");
  private static final Refusal NO_KEYS =
      new Refusal(
          Refusal.Reason.WRONG_CREDENTIAL,
          "The RADIUS server gives no keys (MS-MPPE-Send-Key, MS-MPPE-Recv-Key), which SSTP needs;"
              + " its administrator has to allow encryption.");

  private final RadiusServers servers;
  private final Clock clock;
  private final Semaphore waiting = new Semaphore(WAITING);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  public ChapRelay(RadiusServers servers, Clock clock) {
    this.servers = servers;
    this.clock = clock;
  }

  /**
   * Begins to find out, without holding up the caller.
   *
   * @param answer told exactly once, on any thread, within the servers' time limit
   */
  public void ask(ChapLogin login, Consumer<ChapOutcome> answer) {
    Optional<RadiusSettings> asked = servers.settings();
    if (asked.isEmpty() || !waiting.tryAcquire()) {
      answer.accept(new ChapOutcome.Refused(RadiusAuthenticator.AWAY));
      return;
    }
    try {
      threads.execute(
          () -> {
            ChapOutcome outcome = new ChapOutcome.Refused(RadiusAuthenticator.AWAY);
            try {
              outcome = logIn(login, asked.get());
            } catch (RuntimeException e) {
              LOG.errorf("an MSCHAPv2 login failed: %s", e.getClass().getName());
            } finally {
              waiting.release();
              answer.accept(outcome);
            }
          });
    } catch (RejectedExecutionException e) {
      // the agent ends; its clients dial again and meet the next one
      waiting.release();
      answer.accept(new ChapOutcome.Refused(RadiusAuthenticator.AWAY));
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  private ChapOutcome logIn(ChapLogin login, RadiusSettings asked) {
    if (!LoginRequests.canName(login.user())) {
      return new ChapOutcome.Refused(RadiusAuthenticator.UNSPEAKABLE);
    }
    Optional<RadiusServer> server = servers.next(asked, List.of());
    if (server.isEmpty()) {
      return new ChapOutcome.Refused(RadiusAuthenticator.AWAY);
    }
    MsChapV2 conversation =
        new MsChapV2(login.challenge(), login.peerChallenge(), login.response(), "");
    return switch (servers.ask(
        server.get(),
        LoginRequests.msChapV2(asked, login.user(), conversation, login.clientAddress()),
        asked.timeout())) {
      case RadiusServers.Reply.Silence(boolean away) ->
          new ChapOutcome.Refused(away ? RadiusAuthenticator.AWAY : RadiusAuthenticator.IN_TIME);
      case RadiusServers.Reply.Answer answer -> outcome(login, server.get(), answer);
    };
  }

  private ChapOutcome outcome(
      ChapLogin login, RadiusServer server, RadiusServers.Reply.Answer answer) {
    return switch (LoginAnswer.of(answer.packet(), Optional.empty())) {
      case LoginAnswer.Rejected rejected ->
          new ChapOutcome.Refused(RadiusAuthenticator.rejected(rejected));
      case LoginAnswer.Challenge challenge ->
          new ChapOutcome.Refused(
              new Refusal(
                  Refusal.Reason.WRONG_CREDENTIAL,
                  "The RADIUS server asks for a second answer, which SSTP has no room for."));
      case LoginAnswer.Accepted accepted -> {
        Optional<String> proof = LoginAnswer.proof(answer.packet());
        Optional<byte[]> receive = MppeKeys.of(answer, server, MppeKeys.RECEIVE);
        Optional<byte[]> send = MppeKeys.of(answer, server, MppeKeys.SEND);
        if (proof.isEmpty()) {
          yield new ChapOutcome.Refused(NO_PROOF);
        }
        if (receive.isEmpty() || send.isEmpty()) {
          yield new ChapOutcome.Refused(NO_KEYS);
        }
        yield new ChapOutcome.Known(
            accepted.person(login.user(), clock.instant()), proof.get(), receive.get(), send.get());
      }
    };
  }
}
