package dev.p2s.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.p2s.agent.radius.RadiusServers;
import dev.p2s.agent.session.Authentication;
import dev.p2s.agent.session.Person;
import dev.p2s.agent.session.Session;
import dev.p2s.agent.state.StateBundle;
import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.api.v1alpha1.TunnelType;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.SstpSettings;
import dev.p2s.dataplane.StateSecret;
import dev.p2s.dataplane.States;
import dev.p2s.dataplane.kernel.TunnelAddress;
import dev.p2s.dataplane.sstp.EndpointCommand;
import dev.p2s.dataplane.sstp.EndpointCommand.Method;
import dev.p2s.dataplane.sstp.EndpointEvent;
import dev.p2s.pki.CertificateAuthority;
import dev.p2s.pki.KeyKind;
import dev.p2s.pki.Pem;
import dev.p2s.pki.Thumbprint;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What happens at the SSTP endpoint, and what the agent makes of it. */
@Timeout(60)
class SstpDoorTest {

  private static final Map<String, String> KEYS =
      Map.of(
          StateSecret.SERVER_RSA_CERTIFICATE,
          "rsa",
          StateSecret.SERVER_RSA_KEY,
          "rsa key",
          StateSecret.SERVER_EC_CERTIFICATE,
          "ec",
          StateSecret.SERVER_EC_KEY,
          "ec key");

  private final SecureRandom random = new SecureRandom();
  private final CertificateAuthority root =
      CertificateAuthority.selfSigned(
          "office", KeyKind.EC_P256, Duration.ofDays(2), Instant.now(), random);
  private final CertificateAuthority.Leaf alice =
      root.issueClient("alice", KeyKind.EC_P256, Duration.ofDays(1), Instant.now(), random);
  private final LinkedBlockingQueue<Runnable> loop = new LinkedBlockingQueue<>();
  private final List<SstpPlace> places = new ArrayList<>();

  @TempDir private Path directory;
  private TestGateway gateway;
  private TestEndpoint endpoint;
  private SstpGateway sstp;
  private RadiusServers radius;

  @BeforeEach
  void anEndpointWithoutCalls() throws Exception {
    gateway = new TestGateway(directory.resolve("sessions"));
    endpoint = new TestEndpoint(directory);
    startAgent();
  }

  private void startAgent() {
    radius = new RadiusServers(gateway.clock, random);
    sstp =
        new SstpGateway(
            directory,
            gateway.table,
            gateway.policy,
            new PasswordLogins(List.of(gateway.people), loop::add),
            radius,
            places::add,
            loop::add,
            gateway.clock,
            random);
    gateway.servers.put(TunnelType.SSTP, sstp.door());
  }

  @AfterEach
  void close() throws Exception {
    sstp.close();
    radius.close();
    endpoint.close();
  }

  @Test
  void givenAState_whenTheEndpointComes_thenItIsToldWhatToServeAndTakesConnectionsThen()
      throws Exception {
    follow(certificates(2).build());
    endpoint.attach(new EndpointEvent.Attached("e1", List.of()));
    turn(() -> !places.isEmpty());

    EndpointCommand.Serve serve = (EndpointCommand.Serve) endpoint.next();
    assertThat(serve.identities())
        .containsExactly(
            new EndpointCommand.Identity("rsa", "rsa key"),
            new EndpointCommand.Identity("ec", "ec key"));
    assertThat(serve.tlsVersions()).containsExactly("TLSv1.3", "TLSv1.2");
    assertThat(serve.methods()).containsExactly(Method.CERTIFICATE);
    assertThat(serve.clientRoots()).containsExactly(Pem.certificate(root.certificate()));
    assertThat(places.getLast()).isEqualTo(SstpPlace.EMPTY);
    assertThat(sstp.door().problem()).isNotEmpty();

    endpoint.say(new EndpointEvent.Serving(""));
    turn(() -> places.getLast().equals(new SstpPlace(true, false)));
    assertThat(sstp.door().problem()).isEmpty();
  }

  @Test
  void givenAnEndpointThatCannotServe_whenTimeGoesBy_thenItIsToldAgainAndThePersonWhy()
      throws Exception {
    serving(certificates(2).build(), "p2s126 cannot be attached to");

    assertThat(sstp.door().problem()).isEqualTo("p2s126 cannot be attached to");
    sstp.door().tick(gateway.now());
    assertThat(endpoint.next()).isInstanceOf(EndpointCommand.Serve.class);
    assertThat(places.getLast().open()).isFalse();
  }

  @Test
  void givenACertificate_whenItsHolderCalls_thenTheGrantComesFirstAndTheWelcomeThen()
      throws Exception {
    serving(certificates(2).build(), "");

    EndpointCommand.Welcome welcome = (EndpointCommand.Welcome) call(7, alice);

    assertThat(gateway.happened).containsExactly("kernel Permit");
    Session session = session();
    assertThat(session.credential().user()).isEqualTo("alice");
    assertThat(session.credential().thumbprint())
        .isEqualTo(Thumbprint.sha256(alice.certificate()).hex());
    assertThat(session.seat().protocol()).isEqualTo(TunnelType.SSTP);
    assertThat(welcome.client()).isEqualTo(session.address());
    assertThat(welcome.gateway()).hasToString("10.8.0.1");
    assertThat(welcome.dns()).containsExactly(TunnelAddress.parse("10.96.0.10"));
    assertThat(places.getLast()).isEqualTo(new SstpPlace(true, true));

    endpoint.say(new EndpointEvent.Connected(7));
    endpoint.say(new EndpointEvent.Carried(7, 100, 200));
    endpoint.say(new EndpointEvent.Left(7, "disconnected", 150, 250));
    turn(() -> gateway.table.size() == 0);
    assertThat(places.getLast()).isEqualTo(new SstpPlace(true, false));
  }

  @Test
  void givenALiveSession_whenItsCertificateIsRevoked_thenThePacketsStopAndTheCallIsHungUp()
      throws Exception {
    serving(certificates(2).build(), "");
    call(7, alice);
    gateway.happened.clear();

    follow(
        certificates(2)
            .revoked(
                List.of(
                    new GatewayState.Revocation(
                        "lost", Thumbprint.sha1(alice.certificate()).hex())))
            .build());

    assertThat(gateway.happened).containsExactly("kernel Forbid");
    assertThat(endpoint.next()).isEqualTo(new EndpointCommand.HangUp(7));
    assertThat(((EndpointCommand.Refuse) call(8, alice)).sentence()).contains("revoked");
  }

  @Test
  void givenAsManyCallsAsTheLimit_whenOneMoreComes_thenItIsToldTheFigure() throws Exception {
    serving(certificates(2).build(), "");
    call(1, alice);
    call(2, alice);

    EndpointCommand.Refuse refused = (EndpointCommand.Refuse) call(3, alice);

    assertThat(refused.lasting()).isFalse();
    assertThat(refused.sentence()).contains("all 2 SSTP connections");
  }

  @Test
  void givenSessions_whenTheAgentIsStartedAnew_thenTheyAreTakenUpByComparing() throws Exception {
    GatewayState state = certificates(5).build();
    serving(state, "");
    TunnelAddress kept = ((EndpointCommand.Welcome) call(1, alice)).client();
    call(2, alice);
    endpoint.detach();
    sstp.close();
    loop.clear();

    startAgent();
    follow(state);
    endpoint.attach(
        new EndpointEvent.Attached(
            "e1",
            List.of(
                new EndpointEvent.Call(1, kept, true),
                new EndpointEvent.Call(9, TunnelAddress.parse("10.8.0.99"), true))));
    turn(() -> gateway.table.size() == 1);

    assertThat(session().address()).isEqualTo(kept);
    assertThat(gateway.policy.traffic().isEstablished(session())).isTrue();
    assertThat(endpoint.next()).as("nobody's call").isEqualTo(new EndpointCommand.HangUp(9));
  }

  @Test
  void givenAnEndpointThatIsGone_whenAnotherComesOrNone_thenItsSessionsEnd() throws Exception {
    serving(certificates(5).build(), "");
    call(1, alice);
    endpoint.detach();
    turn(() -> !places.getLast().open());
    sstp.door().tick(gateway.now());
    assertThat(gateway.table.size()).as("it may come back").isOne();

    gateway.pass(Duration.ofSeconds(21));
    sstp.door().tick(gateway.now());
    assertThat(gateway.table.size()).isZero();
  }

  @Test
  void givenSstpIsServedNoLonger_whenFollowed_thenCallsAreHungUpAndTheDeviceStaysUntilTheyLeave()
      throws Exception {
    serving(certificates(5).build(), "");
    call(1, alice);

    follow(States.gateway().build());

    assertThat(endpoint.next()).isEqualTo(new EndpointCommand.HangUp(1));
    assertThat(places.getLast().occupied()).isTrue();
    endpoint.say(new EndpointEvent.Left(1, "hung up", 0, 0));
    turn(() -> !places.getLast().occupied());
  }

  @Test
  void givenPasswordsAsTheyAre_whenSomebodyLogsIn_thenTheyAreInUnlessTheyHaveGoneMeanwhile()
      throws Exception {
    serving(passwords().build(), "");
    Person bob = new Person(AuthenticationType.RADIUS, "bob", List.of(), null, null);
    arrive(1, new EndpointEvent.Password("bob", "secret"));
    turn(() -> gateway.people.asked.size() == 1);
    gateway.people.answer(new Authentication.Known(bob));
    turn(() -> gateway.table.size() == 1);
    EndpointCommand.Welcome welcome = (EndpointCommand.Welcome) endpoint.next();
    assertThat(welcome.key()).as("PAP makes no key").isEmpty();

    arrive(2, new EndpointEvent.Password("bob", "secret"));
    turn(() -> gateway.people.asked.size() == 2);
    endpoint.say(new EndpointEvent.Left(2, "gone", 0, 0));
    endpoint.say(new EndpointEvent.Serving(""));
    int told = places.size();
    turn(() -> places.size() >= told + 2);
    gateway.people.answer(new Authentication.Known(bob));
    drain();
    assertThat(gateway.table.size()).isOne();
  }

  private EndpointCommand call(long call, CertificateAuthority.Leaf leaf) throws Exception {
    arrive(
        call,
        new EndpointEvent.Certificate(
            "somebody", List.of(leaf.certificate().getEncoded(), root.certificate().getEncoded())));
    int told = places.size();
    turn(() -> places.size() > told);
    return endpoint.next();
  }

  private void arrive(long call, EndpointEvent.Shown shown) throws Exception {
    endpoint.say(new EndpointEvent.Arrived(call, "192.0.2.7:4711", shown));
  }

  private void serving(GatewayState state, String problem) throws Exception {
    follow(state);
    endpoint.attach(new EndpointEvent.Attached("e1", List.of()));
    turn(() -> !places.isEmpty());
    assertThat(endpoint.next()).isInstanceOf(EndpointCommand.Serve.class);
    endpoint.say(new EndpointEvent.Serving(problem));
    int told = places.size();
    turn(() -> places.size() > told);
  }

  private void follow(GatewayState state) {
    gateway.follow(state, KEYS);
    sstp.door().follow(new StateBundle(state, "", KEYS));
    gateway.policy.flush();
  }

  /** Does what has been posted, as the agent's loop does, until something holds. */
  private void turn(Callable<Boolean> condition) {
    await()
        .until(
            () -> {
              drain();
              return condition.call();
            });
  }

  private void drain() {
    for (Runnable next = loop.poll(); next != null; next = loop.poll()) {
      next.run();
    }
    gateway.policy.flush();
  }

  private Session session() {
    return gateway.table.all().iterator().next();
  }

  private States certificates(int limit) {
    return States.gateway()
        .dns(new GatewayState.Dns(List.of("10.96.0.10"), List.of()))
        .openVpn(null)
        .roots(
            new GatewayState.TrustedRoot(
                "office",
                Thumbprint.sha256(root.certificate()).hex(),
                Pem.certificate(root.certificate())))
        .sstp(new SstpSettings(List.of(), List.of(Method.CERTIFICATE), 1370, limit, null));
  }

  private static States passwords() {
    return States.gateway()
        .openVpn(null)
        .authentications(AuthenticationType.RADIUS)
        .sstp(new SstpSettings(List.of(), List.of(Method.PAP), 1370, 9, null));
  }
}
