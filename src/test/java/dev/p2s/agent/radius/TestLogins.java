package dev.p2s.agent.radius;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.agent.session.Authentication;
import dev.p2s.agent.session.LoginAttempt;
import dev.p2s.agent.session.Person;
import dev.p2s.agent.session.Refusal;
import dev.p2s.agent.state.StateBundle;
import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.api.v1alpha1.RadiusSpec.PasswordProtocol;
import dev.p2s.dataplane.ConfiguredRadiusServer;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.StateSecret;
import dev.p2s.dataplane.States;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** An authenticator whose clock stands still, the servers that it asks, and people who log in. */
final class TestLogins implements AutoCloseable {

  static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

  private final SecureRandom random = new SecureRandom();
  private final RadiusServers radiusServers = new RadiusServers(CLOCK, random);
  private final RadiusAuthenticator radius = new RadiusAuthenticator(radiusServers, CLOCK, random);
  private final List<TestRadiusServer> servers = new ArrayList<>();

  TestRadiusServer server() throws Exception {
    return server(0);
  }

  TestRadiusServer server(int port) throws Exception {
    TestRadiusServer made = new TestRadiusServer(port);
    servers.add(made);
    return made;
  }

  /** From now on these servers are asked, the first before the second; a login takes a second. */
  void follow(PasswordProtocol protocol, TestRadiusServer... servers) {
    radiusServers.follow(state(protocol, servers));
  }

  /** A state with these servers, the first before the second; a login takes a second. */
  static StateBundle state(PasswordProtocol protocol, TestRadiusServer... servers) {
    List<ConfiguredRadiusServer> list = new ArrayList<>();
    Map<String, String> entries = new TreeMap<>();
    for (int i = 0; i < servers.length; i++) {
      String entry = StateSecret.radiusSecret(i);
      list.add(new ConfiguredRadiusServer("127.0.0.1", 30 - i, servers[i].port(), 1813, entry));
      entries.put(entry, Base64.getEncoder().encodeToString(TestRadiusServer.SECRET));
    }
    return new StateBundle(
        States.gateway()
            .authentications(AuthenticationType.RADIUS)
            .radius(new GatewayState.Radius(list, 1, "vpn/office", protocol, false))
            .build(),
        "",
        entries);
  }

  Authentication logIn(String user, String password) throws Exception {
    return ask(new LoginAttempt(user, password, "192.0.2.7:4711", Optional.empty()));
  }

  Authentication answer(String user, String code, String challenge) throws Exception {
    return ask(new LoginAttempt(user, code, "192.0.2.7:4711", Optional.of(challenge)));
  }

  private Authentication ask(LoginAttempt attempt) throws Exception {
    CompletableFuture<Authentication> answer = new CompletableFuture<>();
    radius.authenticate(attempt, answer::complete);
    return answer.get(10, TimeUnit.SECONDS);
  }

  static Person known(Authentication outcome) {
    assertThat(outcome).isInstanceOf(Authentication.Known.class);
    return ((Authentication.Known) outcome).person();
  }

  static Refusal refused(Authentication outcome) {
    assertThat(outcome).isInstanceOf(Authentication.Refused.class);
    return ((Authentication.Refused) outcome).refusal();
  }

  @Override
  public void close() {
    radius.close();
    radiusServers.close();
    servers.forEach(TestRadiusServer::close);
  }
}
