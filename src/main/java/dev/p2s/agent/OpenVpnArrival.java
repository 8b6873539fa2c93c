package dev.p2s.agent;

import dev.p2s.addressing.Cidr;
import dev.p2s.agent.openvpn.ClientEnvironment;
import dev.p2s.agent.openvpn.ManagementCommands;
import dev.p2s.agent.openvpn.ServerFleet;
import dev.p2s.agent.session.AddressPools;
import dev.p2s.agent.session.Authentication;
import dev.p2s.agent.session.LoginAttempt;
import dev.p2s.agent.session.Refusal;
import dev.p2s.agent.session.RejoinPass;
import dev.p2s.agent.session.Session;
import dev.p2s.agent.session.Session.Seat;
import dev.p2s.agent.weblogin.WebLogins;
import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.openvpn.ClientSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A client of an openvpn process that waits for {@code client-auth} or {@code client-deny}. */
final class OpenVpnArrival implements Arrival {

  private final Seat seat;
  private final long key;
  private final String clientAddress;
  private final String claimedUser;
  private final boolean understandsTemporary;
  private final boolean waitsAsTold;
  private final ServerFleet fleet;
  private final RejoinPasses passes;
  private final ClientEnvironment.Browser browser;
  private RejoinPass.Login login;
  private Optional<CompletableFuture<Optional<Refusal>>> decided = Optional.empty();

  OpenVpnArrival(
      Seat seat, long key, ClientEnvironment client, ServerFleet fleet, RejoinPasses passes) {
    this.seat = seat;
    this.key = key;
    this.clientAddress = client.clientAddress();
    this.claimedUser = client.login().map(LoginAttempt::user).orElse("");
    this.waitsAsTold = client.waitsAsTold();
    this.understandsTemporary = client.understandsTemporary();
    this.browser = client.browser();
    this.fleet = fleet;
    this.passes = passes;
  }

  /** Which login it comes with, for its pass. */
  void loggedIn(RejoinPass.Login made) {
    login = made;
  }

  /** Somebody else waits to hear whether it is let in. */
  void tell(CompletableFuture<Optional<Refusal>> waiting) {
    decided = Optional.of(waiting);
  }

  @Override
  public Seat seat() {
    return seat;
  }

  @Override
  public String clientAddress() {
    return clientAddress;
  }

  @Override
  public String claimedUser() {
    return claimedUser;
  }

  @Override
  public void welcome(GatewayState state, Session session, Cidr pool) {
    List<String> settings =
        new ArrayList<>(
            ClientSettings.render(
                state,
                state.routesOf(session.group()),
                session.address(),
                pool,
                AddressPools.gatewayOf(pool)));
    // Whoever comes with a token sends it again by itself, and is in as long as that is valid.
    // Whoever has logged in with a browser has nothing to send.
    if (login != null
        && (login.person().method() == AuthenticationType.RADIUS || claimedUser.isEmpty())) {
      passes
          .seal(login)
          .ifPresent(
              pass -> {
                if (claimedUser.isEmpty()) {
                  settings.add(ManagementCommands.tokenUser(login.person().user()));
                }
                settings.add(ManagementCommands.token(pass));
              });
    }
    send(ManagementCommands.admit(seat.client(), key, settings));
    decided.ifPresent(waiting -> waiting.complete(Optional.empty()));
  }

  @Override
  public void refuse(Refusal why) {
    decided.ifPresent(waiting -> waiting.complete(Optional.of(why)));
    send(ManagementCommands.refuse(seat.client(), key, why, understandsTemporary));
  }

  /** Its keys are renewed and its session goes on. */
  void renew() {
    send(ManagementCommands.renew(seat.client(), key));
  }

  /** It is told to wait for its login, where it can be. */
  void waitFor(int seconds) {
    if (waitsAsTold) {
      send(ManagementCommands.waitFor(seat.client(), key, seconds));
    }
  }

  /** It waits while its person logs in at an address. */
  void openBrowser(String address) {
    send(
        ManagementCommands.openBrowser(seat.client(), key, browser, address, WebLogins.waitsFor()));
  }

  void challenge(String user, Authentication.Challenged challenge) {
    send(
        ManagementCommands.challenge(
            seat.client(), key, user, challenge.id(), challenge.question(), challenge.echo()));
  }

  private void send(String commands) {
    fleet.send(seat.slot(), commands);
  }
}
