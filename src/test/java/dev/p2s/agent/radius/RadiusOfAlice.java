package dev.p2s.agent.radius;

import dev.p2s.agent.session.Authentication;
import dev.p2s.agent.session.Authenticator;
import dev.p2s.agent.session.LoginAttempt;
import dev.p2s.agent.state.StateBundle;
import dev.p2s.api.v1alpha1.RadiusSpec.PasswordProtocol;
import dev.p2s.dataplane.GatewayState;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.aaa4j.radius.core.attribute.attributes.UserPassword;
import org.aaa4j.radius.core.packet.Packet;

/** Logins by RADIUS at a server that knows one password, {@link #PASSWORD}. */
public final class RadiusOfAlice implements Authenticator {

  public static final String PASSWORD = "alice's pass phrase";

  private final TestRadiusServer server;
  private final RadiusServers servers;
  private final RadiusAuthenticator radius;
  private final StateBundle settings;

  public RadiusOfAlice(Clock clock) throws Exception {
    SecureRandom random = new SecureRandom();
    server = new TestRadiusServer().answering(request -> List.of(answer(request)));
    servers = new RadiusServers(clock, random);
    radius = new RadiusAuthenticator(servers, clock, random);
    settings = TestLogins.state(PasswordProtocol.PAP, server);
  }

  /** What a state has to say of the server. */
  public GatewayState.Radius settings() {
    return settings.state().radius();
  }

  /** The entries of the state Secret that go with it. */
  public Map<String, String> secrets() {
    return settings.entries();
  }

  /** How many logins have reached the server. */
  public int asked() {
    return server.logins.size();
  }

  @Override
  public void follow(StateBundle bundle) {
    servers.follow(bundle);
  }

  @Override
  public boolean takes(LoginAttempt attempt) {
    return radius.takes(attempt);
  }

  @Override
  public void authenticate(LoginAttempt attempt, Consumer<Authentication> answer) {
    radius.authenticate(attempt, answer);
  }

  @Override
  public void close() {
    radius.close();
    servers.close();
    server.close();
  }

  private static Packet answer(Packet request) {
    String password =
        new String(
            request.getAttribute(UserPassword.class).orElseThrow().getData().getValue(),
            StandardCharsets.UTF_8);
    return TestRadiusServer.packet(
        password.equals(PASSWORD) ? RadiusPackets.ACCESS_ACCEPT : RadiusPackets.ACCESS_REJECT);
  }
}
