package dev.p2s.agent;

import dev.p2s.agent.openvpn.ClientEnvironment;
import dev.p2s.agent.openvpn.ManagementCommands;
import dev.p2s.agent.openvpn.ManagementMessage.ByteCount;
import dev.p2s.agent.openvpn.ManagementMessage.ClientEvent;
import dev.p2s.agent.openvpn.ServerFleet;
import dev.p2s.agent.openvpn.ServerStatus;
import dev.p2s.agent.session.Authentication;
import dev.p2s.agent.session.ClientCertificate;
import dev.p2s.agent.session.Credential;
import dev.p2s.agent.session.Ending;
import dev.p2s.agent.session.LoginAttempt;
import dev.p2s.agent.session.Person;
import dev.p2s.agent.session.Refusal;
import dev.p2s.agent.session.RejoinPass;
import dev.p2s.agent.session.Session;
import dev.p2s.agent.session.Session.Seat;
import dev.p2s.agent.session.SessionTable;
import dev.p2s.agent.state.StateBundle;
import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.api.v1alpha1.TunnelType;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.kernel.ProcessSlot;
import dev.p2s.dataplane.openvpn.OpenVpnServer;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * OpenVPN's way to the policy point: what happens at the servers becomes arrivals, renewals and
 * ends. Called on the agent's loop only.
 */
final class OpenVpnDoor {

  private static final Refusal PASS_EXPIRED =
      new Refusal(Refusal.Reason.LOGIN_EXPIRED, "Your login has expired. Log in again.");

  private final SessionTable table;
  private final PolicyPoint policy;
  private final PasswordLogins logins;
  private final BrowserLogins browsers;
  private final ServerFleet fleet;
  private final RejoinPasses passes;
  private final Clock clock;

  OpenVpnDoor(
      SessionTable table,
      PolicyPoint policy,
      PasswordLogins logins,
      BrowserLogins browsers,
      ServerFleet fleet,
      RejoinPasses passes,
      Clock clock) {
    this.table = table;
    this.policy = policy;
    this.logins = logins;
    this.browsers = browsers;
    this.fleet = fleet;
    this.passes = passes;
    this.clock = clock;
  }

  void follow(StateBundle bundle) {
    passes.follow(bundle);
    logins.follow(bundle);
    browsers.follow(bundle);
  }

  /** A process answers: what is known of its clients is compared with what it has. */
  void attached(ProcessSlot slot, String daemon, List<ServerStatus.Row> rows) {
    var byClient =
        rows.stream().collect(Collectors.toMap(ServerStatus.Row::client, Function.identity()));
    for (Session session : table.of(slot)) {
      ServerStatus.Row row = byClient.get(session.seat().client());
      boolean same = session.seat().daemon().equals(daemon) && row != null;
      if (same && row.virtualAddress().equals(session.address().toString())) {
        policy.traffic().established(session);
      } else if (same) {
        policy.evict(session, Ending.LOST);
      } else {
        policy.end(session, Ending.LOST);
      }
    }
    for (ServerStatus.Row row : rows) {
      boolean known = table.at(seat(slot, daemon, row.client())).isPresent();
      if (!known && row.announced()) {
        // It was announced to nobody and never will be again: it shall dial anew.
        fleet.send(slot, ManagementCommands.restart(row.client()));
      }
    }
  }

  void event(ProcessSlot slot, ClientEvent event) {
    ClientEnvironment client = new ClientEnvironment(event.environment());
    Seat seat = seat(slot, client.daemon(), event.client());
    switch (event.kind()) {
      case CONNECT -> connect(new OpenVpnArrival(seat, event.key(), client, fleet, passes), client);
      case REAUTH -> renew(new OpenVpnArrival(seat, event.key(), client, fleet, passes), client);
      case ESTABLISHED -> table.at(seat).ifPresent(policy.traffic()::established);
      case DISCONNECT -> left(seat, client);
    }
  }

  void bytes(ProcessSlot slot, ByteCount count) {
    fleet
        .daemon(slot)
        .flatMap(daemon -> table.at(seat(slot, daemon, count.client())))
        .ifPresent(session -> policy.traffic().count(session, count.in(), count.out()));
  }

  private void connect(OpenVpnArrival arrival, ClientEnvironment client) {
    table.at(arrival.seat()).ifPresent(old -> policy.end(old, Ending.DIALLED_AGAIN));
    Optional<LoginAttempt> login = client.login().filter(attempt -> asksForPasswords());
    if (login.isPresent()) {
      logIn(arrival, login.get());
      return;
    }
    Optional<ClientCertificate> certificate = client.certificate();
    if (certificate.isPresent()) {
      policy.admit(arrival, certificate.get());
    } else if (browsers.offered() && client.browser() != ClientEnvironment.Browser.NONE) {
      openBrowser(arrival);
    } else {
      policy.refuse(arrival, null, nothingShown());
    }
  }

  private void openBrowser(OpenVpnArrival arrival) {
    browsers
        .begin(
            arrival.seat(),
            arrival.clientAddress(),
            outcome -> {
              arrival.tell(outcome.decided());
              loggedIn(arrival, outcome.authentication());
            })
        .ifPresentOrElse(
            arrival::openBrowser, () -> policy.refuse(arrival, null, Refusal.NOT_READY));
  }

  private void logIn(OpenVpnArrival arrival, LoginAttempt attempt) {
    if (RejoinPass.looksLike(attempt.password())) {
      Optional<RejoinPass.Login> pass =
          passes
              .open(attempt.user(), attempt.password())
              .filter(login -> login.isFresh(clock.instant()));
      if (pass.isPresent()) {
        RejoinPass.Login login = browsers.renewed(pass.get());
        arrival.loggedIn(login);
        policy.admit(arrival, login.person());
      } else {
        policy.refuse(arrival, null, PASS_EXPIRED);
      }
      return;
    }
    policy
        .state()
        .map(GatewayState::radius)
        .map(OpenVpnServer::handWindow)
        .filter(seconds -> seconds > OpenVpnServer.HAND_WINDOW)
        .ifPresent(arrival::waitFor);
    logins.begin(
        arrival.seat(),
        attempt,
        outcome -> {
          if (outcome instanceof Authentication.Challenged challenge) {
            arrival.challenge(attempt.user(), challenge);
          } else {
            loggedIn(arrival, outcome);
          }
        });
  }

  private void loggedIn(OpenVpnArrival arrival, Authentication outcome) {
    switch (outcome) {
      case Authentication.Known(Person known) -> {
        Person person = policy.forOneSession(known);
        arrival.loggedIn(new RejoinPass.Login(person, clock.millis()));
        policy.admit(arrival, person);
      }
      case Authentication.Refused(Refusal why) -> policy.refuse(arrival, null, why);
      case Authentication.Challenged challenge -> policy.refuse(arrival, null, PASS_EXPIRED);
    }
  }

  private void renew(OpenVpnArrival arrival, ClientEnvironment client) {
    Optional<Session> session = table.at(arrival.seat());
    if (session.isEmpty()) {
      fleet.send(arrival.seat().slot(), ManagementCommands.restart(arrival.seat().client()));
      return;
    }
    if (session.get().credential() instanceof Person person) {
      renew(arrival, session.get(), person, client);
      return;
    }
    Optional<ClientCertificate> certificate = client.certificate();
    if (certificate.isPresent()) {
      renewed(arrival, session.get(), certificate.get());
    } else {
      out(arrival, session.get(), nothingShown());
    }
  }

  private void renew(
      OpenVpnArrival arrival, Session session, Person person, ClientEnvironment client) {
    Optional<LoginAttempt> login = client.login();
    if (login.isEmpty() && person.basis() != null && browsers.offered()) {
      // whoever has logged in with a browser has nothing to send; the login's end is the session's
      renewed(arrival, session, person);
    } else if (login.isEmpty()) {
      out(arrival, session, nothingShown());
    } else if (RejoinPass.looksLike(login.get().password())) {
      // A pass renews keys; it never makes a login last longer than it was granted for.
      boolean own =
          passes
              .open(login.get().user(), login.get().password())
              .filter(pass -> pass.person().user().equals(person.user()))
              .isPresent();
      if (own) {
        renewed(arrival, session, person);
      } else {
        out(arrival, session, PASS_EXPIRED);
      }
    } else {
      logins.begin(
          arrival.seat(), login.get(), outcome -> renewed(arrival, session, person, outcome));
    }
  }

  private void renewed(
      OpenVpnArrival arrival, Session session, Person person, Authentication outcome) {
    if (table.at(arrival.seat()).filter(now -> now.id().equals(session.id())).isEmpty()) {
      return;
    }
    switch (outcome) {
      case Authentication.Known(Person again) when again.user().equals(person.user()) ->
          renewed(arrival, session, policy.forOneSession(again));
      case Authentication.Known(Person other) -> out(arrival, session, PASS_EXPIRED);
      // Whoever is in stays while nobody can be asked, until the login itself ends.
      case Authentication.Refused(Refusal why) when !why.reason().lasting() ->
          renewed(arrival, session, person);
      case Authentication.Refused(Refusal why) -> out(arrival, session, why);
      case Authentication.Challenged challenge -> out(arrival, session, PASS_EXPIRED);
    }
  }

  private void renewed(OpenVpnArrival arrival, Session session, Credential credential) {
    Optional<Refusal> objection = policy.renew(session, credential);
    if (objection.isPresent()) {
      out(arrival, session, objection.get());
    } else {
      arrival.renew();
    }
  }

  private void out(OpenVpnArrival arrival, Session session, Refusal why) {
    policy.over(session, why);
    policy.refuse(arrival, session.credential(), why);
  }

  private void left(Seat seat, ClientEnvironment client) {
    logins.forget(seat);
    browsers.forget(seat);
    policy.hungUp(seat);
    table
        .at(seat)
        .ifPresent(
            session -> {
              client.bytes().ifPresent(all -> policy.traffic().count(session, all.in(), all.out()));
              policy.end(session, Ending.DISCONNECTED);
            });
  }

  private boolean asksForPasswords() {
    return policy.state().stream()
        .flatMap(state -> state.authentications().stream())
        .anyMatch(method -> method != AuthenticationType.Certificate);
  }

  private Refusal nothingShown() {
    return new Refusal(
        Refusal.Reason.NO_CREDENTIAL,
        asksForPasswords()
            ? "This gateway asks for a user name and a password, and none was sent."
            : "This gateway asks for a client certificate, and none was shown.");
  }

  private static Seat seat(ProcessSlot slot, String daemon, long client) {
    return new Seat(TunnelType.OpenVPN, slot, daemon, client);
  }
}
