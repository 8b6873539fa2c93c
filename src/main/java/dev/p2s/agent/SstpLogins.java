package dev.p2s.agent;

import dev.p2s.agent.radius.ChapLogin;
import dev.p2s.agent.radius.ChapOutcome;
import dev.p2s.agent.radius.ChapRelay;
import dev.p2s.agent.radius.EapClient;
import dev.p2s.agent.radius.EapStep;
import dev.p2s.agent.radius.RelayedEap;
import dev.p2s.agent.session.Authentication;
import dev.p2s.agent.session.GroupPools;
import dev.p2s.agent.session.LoginAttempt;
import dev.p2s.agent.session.Person;
import dev.p2s.agent.session.Refusal;
import dev.p2s.agent.session.Session;
import dev.p2s.agent.session.Session.Seat;
import dev.p2s.agent.session.SessionTable;
import dev.p2s.agent.sstp.ShownCertificates;
import dev.p2s.dataplane.sstp.EndpointCommand;
import dev.p2s.dataplane.sstp.EndpointEvent;
import dev.p2s.sstp.binding.HigherLayerKey;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Finds out who a caller of the SSTP endpoint is by what it has shown, and brings it to the policy
 * point. Called on the agent's loop only.
 */
final class SstpLogins {

  private static final Refusal NO_KEYS =
      new Refusal(
          Refusal.Reason.WRONG_CREDENTIAL,
          "The RADIUS server's EAP method makes no keys (MS-MPPE), which SSTP needs.");
  private static final Refusal SECOND_QUESTION =
      new Refusal(
          Refusal.Reason.WRONG_CREDENTIAL,
          "The RADIUS server asks for a second answer, which SSTP has no room for.");
  private static final Refusal NO_CERTIFICATE =
      new Refusal(Refusal.Reason.NO_CREDENTIAL, "What was shown is no client certificate.");

  private final SessionTable table;
  private final PolicyPoint policy;
  private final PasswordLogins passwords;
  private final ChapRelay chap;
  private final RelayedEap eap;
  private final Consumer<Runnable> loop;
  private final Consumer<EndpointCommand> endpoint;

  /**
   * @param loop runs something on the agent's own thread
   * @param endpoint is told
   */
  SstpLogins(
      SessionTable table,
      PolicyPoint policy,
      PasswordLogins passwords,
      ChapRelay chap,
      RelayedEap eap,
      Consumer<Runnable> loop,
      Consumer<EndpointCommand> endpoint) {
    this.table = table;
    this.policy = policy;
    this.passwords = passwords;
    this.chap = chap;
    this.eap = eap;
    this.loop = loop;
    this.endpoint = endpoint;
  }

  /**
   * @param here whether a caller is still there when an answer comes from elsewhere
   */
  void arrived(Seat seat, EndpointEvent.Arrived arrived, Predicate<Seat> here) {
    String from = arrived.clientAddress();
    switch (arrived.shown()) {
      case EndpointEvent.Certificate shown -> certificate(seat, from, shown);
      case EndpointEvent.Password(String user, String password) ->
          passwords.begin(
              seat,
              new LoginAttempt(user, password, from, Optional.empty()),
              outcome -> passwordChecked(arrival(seat, from, user), outcome));
      case EndpointEvent.MsChapV2 shown ->
          chap.ask(
              new ChapLogin(
                  shown.user(), shown.challenge(), shown.peerChallenge(), shown.response(), from),
              outcome ->
                  loop.accept(
                      () -> {
                        if (here.test(seat)) {
                          responseChecked(arrival(seat, from, shown.user()), outcome);
                        }
                      }));
      case EndpointEvent.Eap(byte[] packet) ->
          eap.take(
              new EapClient(seat.client(), from), packet, step -> eapAnswered(seat, from, step));
    }
  }

  /** The caller of a seat has gone: whatever the answer will be, it is too late. */
  void forget(Seat seat) {
    passwords.forget(seat);
    eap.forget(seat.client());
  }

  private void certificate(Seat seat, String from, EndpointEvent.Certificate shown) {
    SstpArrival arrival = arrival(seat, from, shown.user());
    try {
      policy.admit(arrival, ShownCertificates.of(shown.chain()));
    } catch (IllegalArgumentException e) {
      policy.refuse(arrival, null, NO_CERTIFICATE);
    }
  }

  private void passwordChecked(SstpArrival arrival, Authentication outcome) {
    switch (outcome) {
      case Authentication.Known(Person person) ->
          policy.admit(arrival, policy.forOneSession(person));
      case Authentication.Refused(Refusal why) -> policy.refuse(arrival, null, why);
      case Authentication.Challenged more -> policy.refuse(arrival, null, SECOND_QUESTION);
    }
  }

  private void responseChecked(SstpArrival arrival, ChapOutcome outcome) {
    switch (outcome) {
      case ChapOutcome.Refused(Refusal why) -> policy.refuse(arrival, null, why);
      case ChapOutcome.Known known ->
          key(known.receiveKey(), known.sendKey())
              .ifPresentOrElse(
                  key ->
                      policy.admit(
                          new SstpArrival(
                              arrival.seat(),
                              arrival.clientAddress(),
                              arrival.claimedUser(),
                              known.proof(),
                              key,
                              endpoint),
                          policy.forOneSession(known.person())),
                  () -> policy.refuse(arrival, null, NO_KEYS));
    }
  }

  private void eapAnswered(Seat seat, String from, EapStep step) {
    switch (step) {
      case EapStep.Ask(byte[] request, String conversation) ->
          endpoint.accept(new EndpointCommand.Ask(seat.client(), request));
      case EapStep.Refuse refused ->
          endpoint.accept(
              new EndpointCommand.Refuse(
                  seat.client(), true, "This gateway does not let you in: the login is refused."));
      case EapStep.Admit admit ->
          table.at(seat).ifPresent(session -> eapAdmitted(session, from, admit));
    }
  }

  /** Its session has begun already, while the relay had its verdict. */
  private void eapAdmitted(Session session, String from, EapStep.Admit admit) {
    Seat seat = session.seat();
    Optional<byte[]> key =
        admit.receiveKey().flatMap(receive -> admit.sendKey().flatMap(send -> key(receive, send)));
    if (key.isEmpty()) {
      policy.over(session, NO_KEYS);
      policy.refuse(arrival(seat, from, session.credential().user()), null, NO_KEYS);
      return;
    }
    policy
        .state()
        .ifPresent(
            state ->
                GroupPools.of(state)
                    .all()
                    .poolOf(session.address())
                    .ifPresent(
                        pool ->
                            new SstpArrival(seat, from, "", "", key.get(), endpoint)
                                .welcome(state, session, pool)));
  }

  private SstpArrival arrival(Seat seat, String from, String user) {
    return new SstpArrival(seat, from, user, "", SstpArrival.NO_KEY, endpoint);
  }

  private static Optional<byte[]> key(byte[] receive, byte[] send) {
    try {
      return Optional.of(HigherLayerKey.ofMppe(receive, send).bytes());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
