package dev.p2s.agent;

import static dev.p2s.agent.TestGateway.SLOT;
import static dev.p2s.agent.TestGateway.login;
import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.agent.openvpn.ManagementMessage.Kind;
import dev.p2s.agent.session.AccountingTerms;
import dev.p2s.agent.session.Authentication;
import dev.p2s.agent.session.Ending;
import dev.p2s.agent.session.Person;
import dev.p2s.agent.session.Session;
import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.States;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a pass remembers of a login, and when it is worth nothing. */
class RejoinPassesTest {

  private static final Pattern PASS = Pattern.compile("push \"auth-token (P2S1[^\"]+)\"");
  private static final GatewayState STATE =
      States.gateway().authentications(AuthenticationType.RADIUS).build();

  @TempDir Path directory;
  private TestGateway gateway;

  @BeforeEach
  void aGatewayWithRadius() throws IOException {
    gateway = new TestGateway(directory);
    gateway.follow(STATE);
  }

  @Test
  void givenAPass_whenTheClientDialsAgain_thenItsSessionIsAccountedAsTheLoginSaid() {
    AccountingTerms terms = new AccountingTerms(List.of("cDJzLXRlc3Q="), 120);
    String pass = pass(terms);

    assertThat(redialled(pass).accounting()).isEqualTo(terms);
    assertThat(redialled(pass).groups()).containsExactly("staff");
  }

  @Test
  void givenAClassTooLongForAPass_whenTheClientDialsAgain_thenItIsInAllTheSame() {
    String pass = pass(new AccountingTerms(List.of("A".repeat(200)), 120));

    assertThat(redialled(pass).accounting()).isEqualTo(new AccountingTerms(List.of(), 120));
  }

  private String pass(AccountingTerms terms) {
    connect("1", "alice", "secret");
    answer(
        new Authentication.Known(
            new Person(
                AuthenticationType.RADIUS, "alice", List.of("staff"), null, null, null, terms)));
    Matcher pass = PASS.matcher(gateway.happened.getLast());
    assertThat(pass.find()).as(gateway.happened.getLast()).isTrue();
    gateway.happened.clear();
    return pass.group(1);
  }

  private Person redialled(String pass) {
    gateway.door.event(SLOT, login(Kind.DISCONNECT, 0, "-1", "alice", ""));
    connect("1", "alice", pass);
    return (Person) onlySession().credential();
  }

  @Test
  void givenSomebodySentAwayByARadiusServer_whenTheyComeBack_thenOnlyANewLoginHelps()
      throws IOException {
    String pass = pass(AccountingTerms.NONE);
    gateway.pass(Duration.ofSeconds(1));
    gateway.passes.sendAway(List.of("Alice"));
    gateway.policy.evict(onlySession(), Ending.DISCONNECTED_BY_RADIUS);
    gateway.policy.afterwards(() -> gateway.happened.add("the server is answered"));
    gateway.policy.flush();
    assertThat(gateway.happened)
        .containsExactly(
            "kernel Forbid", "server client-kill 0 RESTART\n", "the server is answered");

    connect("2", "alice", pass);
    assertThat(gateway.happened.getLast()).contains("LOGIN_EXPIRED");
    TestGateway again = new TestGateway(directory);
    again.follow(STATE);
    again.door.event(SLOT, login(Kind.CONNECT, 0, "3", "alice", pass));
    again.policy.flush();
    assertThat(again.happened.getLast()).contains("LOGIN_EXPIRED");

    gateway.pass(Duration.ofSeconds(1));
    String fresh = pass(AccountingTerms.NONE);
    gateway.door.event(SLOT, login(Kind.DISCONNECT, 0, "-1", "alice", ""));
    connect("4", "alice", fresh);
    assertThat(gateway.table.size()).isEqualTo(1);
  }

  private void connect(String key, String user, String password) {
    gateway.door.event(SLOT, login(Kind.CONNECT, 0, key, user, password));
    gateway.policy.flush();
  }

  private void answer(Authentication outcome) {
    gateway.happened.clear();
    gateway.people.answer(outcome);
    gateway.policy.flush();
  }

  private Session onlySession() {
    assertThat(gateway.table.all()).hasSize(1);
    return gateway.table.all().iterator().next();
  }
}
