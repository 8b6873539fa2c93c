package dev.p2s.agent;

import static dev.p2s.agent.TestGateway.ROOT;
import static dev.p2s.agent.TestGateway.SLOT;
import static dev.p2s.agent.TestGateway.event;
import static dev.p2s.agent.TestGateway.login;
import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.agent.openvpn.ManagementMessage.Kind;
import dev.p2s.agent.session.Authentication;
import dev.p2s.agent.session.LoginAttempt;
import dev.p2s.agent.session.Person;
import dev.p2s.agent.session.Refusal;
import dev.p2s.agent.session.Session;
import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.api.v1alpha1.RadiusSpec;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.States;
import dev.p2s.dataplane.kernel.TunnelAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PasswordLoginTest {

  private static final Pattern PASS = Pattern.compile("push \"auth-token (P2S1[^\"]+)\"");
  private static final Refusal AWAY =
      new Refusal(Refusal.Reason.AUTHENTICATION_AWAY, "The login server does not answer.");
  private static final Refusal WRONG =
      new Refusal(Refusal.Reason.WRONG_CREDENTIAL, "The password is wrong.");

  @TempDir Path directory;
  private TestGateway gateway;

  @BeforeEach
  void aGatewayWithCertificatesAndRadius() throws IOException {
    gateway = new TestGateway(directory);
    gateway.follow(state(AuthenticationType.Certificate, AuthenticationType.RADIUS));
  }

  @Test
  void givenANameAndAPassword_whenTheServerKnowsThem_thenAdmittedAfterItsAnswer() {
    connect("1", "alice", "secret");
    assertThat(gateway.happened).isEmpty();

    answer(known("alice", null));

    assertThat(gateway.happened.getLast()).startsWith("server client-auth 0 1\n");
    assertThat(onlySession().credential().user()).isEqualTo("alice");
    assertThat(onlySession().credential().method()).isEqualTo(AuthenticationType.RADIUS);
  }

  @Test
  void givenLoginsThatTakeLong_whenDialled_thenTheClientIsToldToWaitAndAskedOnce() {
    gateway.follow(
        States.gateway()
            .authentications(AuthenticationType.RADIUS)
            .radius(
                new GatewayState.Radius(
                    List.of(), 120, "vpn/office", RadiusSpec.PasswordProtocol.PAP, false))
            .build());

    connect("1", "alice", "secret");

    assertThat(gateway.happened).containsExactly("server client-pending-auth 0 1 RADIUS 135\n");
    assertThat(gateway.people.asked).hasSize(1);
    answer(known("alice", null));
    assertThat(gateway.happened.getLast()).startsWith("server client-auth 0 1\n");
  }

  @Test
  void givenACertificateBesides_whenNoNameIsSent_thenTheCertificateCounts() {
    gateway.door.event(SLOT, event(Kind.CONNECT, 0, "1"));
    gateway.policy.flush();

    assertThat(onlySession().credential().method()).isEqualTo(AuthenticationType.Certificate);
    assertThat(gateway.people.asked).isEmpty();
  }

  @Test
  void givenAGatewayOfCertificatesAlone_whenANameIsSentToo_thenItIsNotAsked() {
    gateway.follow(state(AuthenticationType.Certificate));

    connect("1", "alice", "secret");

    assertThat(gateway.people.asked).isEmpty();
    assertThat(gateway.happened.getLast()).contains("NO_CREDENTIAL");
  }

  @Test
  void givenAWrongPassword_whenAnswered_thenTheClientIsToldAndNoSessionBegins() {
    connect("1", "alice", "wrong");
    answer(new Authentication.Refused(WRONG));

    assertThat(gateway.happened)
        .containsExactly(
            "server client-deny 0 1 \"WRONG_CREDENTIAL\" \"The password is wrong.\"\n");
  }

  @Test
  void givenNobodyCanBeAsked_whenConnecting_thenTheClientTriesAgainLater() {
    connect("1", "alice", "secret");
    answer(new Authentication.Refused(AWAY));

    assertThat(gateway.happened.getLast())
        .startsWith("server client-deny 0 1 \"AUTHENTICATION_AWAY\" \"TEMP[");
  }

  @Test
  void givenAChallenge_whenPosed_thenTheAnswerReachesTheSameServerWithItsId() {
    connect("1", "alice", "secret");
    answer(new Authentication.Challenged("c42", "Your code?", true));
    assertThat(gateway.happened)
        .containsExactly(
            "server client-deny 0 1 \"challenge\" \"CRV1:R,E:c42:YWxpY2U=:Your code?\"\n");

    connect("1", "alice", "CRV1::c42::123456");

    LoginAttempt second = gateway.people.asked.getLast();
    assertThat(second.challenge()).isEqualTo(Optional.of("c42"));
    assertThat(second.password()).isEqualTo("123456");
    assertThat(second.toString()).doesNotContain("123456");
  }

  @Test
  void givenTheClientLeaves_whenTheAnswerComes_thenNobodyIsLetIn() {
    connect("1", "alice", "secret");
    gateway.door.event(SLOT, login(Kind.DISCONNECT, 0, "-1", "alice", ""));

    answer(known("alice", null));

    assertThat(gateway.table.size()).isZero();
    assertThat(gateway.happened).isEmpty();
  }

  @Test
  void givenAPass_whenKeysAreRenewedOrTheClientDialsAgain_thenNobodyIsAsked() {
    String pass = admitted("alice", null);

    renew("2", "alice", pass);
    assertThat(gateway.happened).containsExactly("server client-auth-nt 0 2\n");

    gateway.door.event(SLOT, login(Kind.DISCONNECT, 0, "-1", "alice", ""));
    connect("1", "alice", pass);

    assertThat(gateway.people.asked).hasSize(1);
    assertThat(onlySession().credential().user()).isEqualTo("alice");
  }

  @Test
  void givenAPassOfYesterday_whenTheClientDialsAgain_thenItMustLogIn() {
    String pass = admitted("alice", null);
    gateway.pass(Duration.ofHours(25));

    connect("2", "alice", pass);

    assertThat(gateway.happened.getLast()).contains("LOGIN_EXPIRED").contains("Log in again.");
  }

  @Test
  void givenALongestSession_whenItIsOver_thenOnlyANewLoginHelpsHoweverOftenOneDialledAgain() {
    gateway.follow(
        States.gateway()
            .authentications(AuthenticationType.RADIUS)
            .longestSessionSeconds(3600)
            .build());
    String pass = admitted("alice", null);
    gateway.pass(Duration.ofMinutes(59));
    gateway.door.event(SLOT, login(Kind.DISCONNECT, 0, "-1", "alice", ""));
    connect("1", "alice", pass);
    assertThat(onlySession().credential().until()).isPresent();

    gateway.pass(Duration.ofMinutes(1));
    gateway.policy.tick();
    gateway.policy.flush();
    assertThat(gateway.table.size()).isZero();
    connect("2", "alice", pass);

    assertThat(gateway.happened.getLast()).contains("LOGIN_EXPIRED").contains("Log in again.");
  }

  @Test
  void givenALoginThatEndsSooner_whenASessionMayLastLonger_thenTheLoginsEndCounts() {
    gateway.follow(
        States.gateway()
            .authentications(AuthenticationType.RADIUS)
            .longestSessionSeconds(3600)
            .build());
    Instant soon = gateway.now().plusSeconds(600);
    admitted("alice", soon);

    assertThat(onlySession().credential().until()).contains(soon);
  }

  @Test
  void givenSomebodyElsesPass_whenUsed_thenRefused() {
    String pass = admitted("alice", null);

    connect("2", "bob", pass);

    assertThat(gateway.happened.getLast()).contains("LOGIN_EXPIRED");
    assertThat(gateway.table.size()).isZero();
  }

  @Test
  void givenALoginWithAnEnd_whenRenewedByPass_thenItIsNotProlongedAndTheSessionEnds() {
    String pass = admitted("alice", gateway.now().plusSeconds(600));
    gateway.pass(Duration.ofMinutes(5));
    renew("2", "alice", pass);
    gateway.happened.clear();

    gateway.pass(Duration.ofMinutes(5));
    gateway.policy.tick();
    gateway.policy.flush();

    assertThat(gateway.happened).containsExactly("kernel Forbid", "server client-kill 0 RESTART\n");
    connect("3", "alice", pass);
    assertThat(gateway.happened.getLast()).contains("LOGIN_EXPIRED");
  }

  @Test
  void givenAFreshLoginAtARenewal_whenKnown_thenTheSessionLastsAsLongAsThatOne() {
    admitted("alice", gateway.now().plusSeconds(600));
    Instant later = gateway.now().plusSeconds(3600);

    renew("2", "alice", "fresh");
    answer(known("alice", later));

    assertThat(gateway.happened).containsExactly("server client-auth-nt 0 2\n");
    assertThat(onlySession().credential().until()).contains(later);
  }

  @Test
  void givenNobodyCanBeAskedAtARenewal_whenTheLoginLasts_thenTheSessionGoesOn() {
    admitted("alice", null);

    renew("2", "alice", "secret");
    answer(new Authentication.Refused(AWAY));

    assertThat(gateway.happened).containsExactly("server client-auth-nt 0 2\n");
    assertThat(gateway.table.size()).isEqualTo(1);
  }

  @Test
  void givenAMethodIsTakenAway_whenTheStateIsFollowed_thenItsSessionsEnd() {
    admitted("alice", null);

    gateway.follow(state(AuthenticationType.Certificate));
    gateway.policy.flush();

    assertThat(gateway.happened).containsExactly("kernel Forbid", "server client-kill 0 RESTART\n");
  }

  @Test
  void givenAnAddressOfTheServersChoice_whenFreeInThePool_thenItIsGiven() {
    connect("1", "alice", "secret");
    answer(
        new Authentication.Known(
            new Person(
                AuthenticationType.RADIUS,
                "alice",
                List.of(),
                null,
                TunnelAddress.parse("10.8.0.77"))));

    assertThat(onlySession().address()).hasToString("10.8.0.77");
  }

  @Test
  void givenASessionOfAPerson_whenTheAgentStartsAgain_thenItKnowsThem() throws IOException {
    admitted("alice", gateway.now().plusSeconds(600));

    TestGateway again = new TestGateway(directory);

    assertThat(again.table.all()).containsExactlyElementsOf(gateway.table.all());
  }

  private void connect(String key, String user, String password) {
    gateway.door.event(SLOT, login(Kind.CONNECT, 0, key, user, password));
    gateway.policy.flush();
  }

  private void renew(String key, String user, String password) {
    gateway.happened.clear();
    gateway.door.event(SLOT, login(Kind.REAUTH, 0, key, user, password));
    gateway.policy.flush();
  }

  private void answer(Authentication outcome) {
    gateway.happened.clear();
    gateway.people.answer(outcome);
    gateway.policy.flush();
  }

  /** Lets somebody in and returns the pass that the client was given. */
  private String admitted(String user, Instant until) {
    connect("1", user, "secret");
    answer(known(user, until));
    Matcher pass = PASS.matcher(gateway.happened.getLast());
    assertThat(pass.find()).as(gateway.happened.getLast()).isTrue();
    gateway.happened.clear();
    return pass.group(1);
  }

  private Session onlySession() {
    assertThat(gateway.table.all()).hasSize(1);
    return gateway.table.all().iterator().next();
  }

  private static Authentication known(String user, Instant until) {
    return new Authentication.Known(
        new Person(
            AuthenticationType.RADIUS,
            user,
            List.of("staff"),
            until == null ? null : until.toEpochMilli(),
            null));
  }

  private static GatewayState state(AuthenticationType... methods) {
    return States.gateway().authentications(methods).roots(ROOT).build();
  }
}
