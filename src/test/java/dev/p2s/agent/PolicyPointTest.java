package dev.p2s.agent;

import static dev.p2s.agent.TestGateway.DAEMON;
import static dev.p2s.agent.TestGateway.ROOT;
import static dev.p2s.agent.TestGateway.SLOT;
import static dev.p2s.agent.TestGateway.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.agent.openvpn.ManagementMessage.ClientEvent;
import dev.p2s.agent.openvpn.ManagementMessage.Kind;
import dev.p2s.agent.openvpn.ServerStatus;
import dev.p2s.agent.session.Session;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.SessionWord;
import dev.p2s.dataplane.States;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyPointTest {

  @TempDir Path directory;
  private boolean redirected;
  private TestGateway gateway;

  @BeforeEach
  void aGatewayWithOneServer() throws IOException {
    gateway = new TestGateway(directory);
    gateway.follow(state(10, ROOT));
  }

  @Test
  void givenAClient_whenItConnects_thenItsGrantIsInForceBeforeTheServerIsTold() {
    gateway.door.event(SLOT, event(Kind.CONNECT, 0, "1"));
    gateway.policy.flush();

    assertThat(gateway.happened).hasSize(2);
    assertThat(gateway.happened.get(0)).startsWith("kernel Permit");
    assertThat(gateway.happened.get(1)).startsWith("server client-auth 0 1\nifconfig-push 10.8.0.");
    assertThat(gateway.table.size()).isEqualTo(1);
    assertThat(
            gateway
                .registry
                .counter(
                    "p2s.admissions",
                    "protocol",
                    "OpenVPN",
                    "outcome",
                    "admitted",
                    "reason",
                    "none")
                .count())
        .isEqualTo(1);
  }

  @Test
  void givenManyClientsAtOnce_whenTheBatchEnds_thenTheKernelIsAskedOnce() {
    for (int i = 0; i < 10; i++) {
      gateway.door.event(SLOT, event(Kind.CONNECT, i, "1"));
    }
    gateway.door.event(SLOT, event(Kind.CONNECT, 10, "1"));
    gateway.policy.flush();

    assertThat(gateway.happened).filteredOn(line -> line.startsWith("kernel")).hasSize(1);
    assertThat(gateway.table.all())
        .extracting(Session::address)
        .doesNotHaveDuplicates()
        .hasSize(10);
    assertThat(gateway.happened)
        .anyMatch(line -> line.startsWith("server client-deny 10 1 \"GATEWAY_FULL\""));
  }

  @Test
  void givenASession_whenItsRootGoes_thenTheKernelIsToldBeforeTheServer() {
    gateway.admit(0);

    gateway.policy.follow(state(10));
    gateway.policy.flush();

    assertThat(gateway.happened).hasSize(2);
    assertThat(gateway.happened.get(0)).startsWith("kernel Forbid");
    assertThat(gateway.happened.get(1)).isEqualTo("server client-kill 0 RESTART\n");
    assertThat(gateway.table.size()).isZero();
  }

  @Test
  void givenNetdIsAway_whenAClientConnects_thenRefusedForNow_andLaterAdmitted() {
    gateway.kernelAnswers = false;
    gateway.door.event(SLOT, event(Kind.CONNECT, 0, "1"));
    gateway.policy.flush();
    assertThat(gateway.happened.getLast())
        .startsWith("server client-deny 0 1 \"NOT_READY\" \"TEMP[");
    assertThat(gateway.table.size()).isZero();

    gateway.kernelAnswers = true;
    gateway.admit(1);
    assertThat(gateway.table.size()).isEqualTo(1);
  }

  @Test
  void givenNetdIsAway_whenASessionIsRevoked_thenItsAddressIsForbiddenAsSoonAsNetdAnswers() {
    gateway.admit(0);
    gateway.kernelAnswers = false;
    gateway.policy.follow(state(10));
    gateway.policy.flush();
    assertThat(gateway.happened).containsExactly("server client-kill 0 RESTART\n");

    gateway.kernelAnswers = true;
    gateway.policy.flush();
    assertThat(gateway.happened.getLast()).startsWith("kernel Forbid");
  }

  @Test
  void givenAnAgentThatStartsAgain_whenTheServerHasTheSession_thenItIsKnownAndOthersMustDialAgain()
      throws IOException {
    gateway.admit(0);
    String address = gateway.table.all().iterator().next().address().toString();
    TestGateway next = new TestGateway(directory);
    next.follow(state(10, ROOT));

    next.door.attached(
        SLOT,
        DAEMON,
        List.of(
            new ServerStatus.Row(0, "alice", address),
            new ServerStatus.Row(1, "bob", ""),
            new ServerStatus.Row(2, "UNDEF", "")));
    next.policy.flush();

    assertThat(next.happened).containsExactly("server client-kill 1 RESTART\n");
    assertThat(next.table.size()).isEqualTo(1);
  }

  @Test
  void givenAServerThatWasStartedAnew_whenItAnswers_thenItsOldSessionsAreOver() {
    gateway.admit(0);

    gateway.door.attached(SLOT, "13@2000", List.of());
    gateway.policy.flush();

    assertThat(gateway.table.size()).isZero();
    assertThat(gateway.happened).hasSize(1).first().asString().startsWith("kernel Forbid");
  }

  @Test
  void givenASession_whenItsKeysAreRenewed_thenTheStateDecidesAgain() {
    gateway.admit(0);

    gateway.door.event(SLOT, event(Kind.REAUTH, 0, "2"));
    gateway.policy.flush();
    assertThat(gateway.happened).containsExactly("server client-auth-nt 0 2\n");
  }

  @Test
  void givenAClientWithoutCertificate_whenItConnects_thenRefusedForGood() {
    gateway.door.event(
        SLOT,
        new ClientEvent(
            Kind.CONNECT, 0, 1, Map.of("daemon_pid", "12", "daemon_start_time", "1000")));
    gateway.policy.flush();

    assertThat(gateway.happened).hasSize(1).first().asString().contains("NO_CREDENTIAL");
  }

  @Test
  void givenASession_whenSomebodyDisconnectsIt_thenItEnds() {
    gateway.admit(0);

    assertThat(end("0000000000000000", SessionWord.DISCONNECT)).isFalse();
    assertThat(end(gateway.table.all().iterator().next().id(), SessionWord.DISCONNECT)).isTrue();
    gateway.policy.flush();

    assertThat(gateway.happened.getLast()).isEqualTo("server client-kill 0 RESTART\n");
    assertThat(gateway.table.size()).isZero();
  }

  @Test
  void givenOneSessionAUser_whenTheyConnectOnceMore_thenTheEarlierOneEndsForGood() {
    gateway.policy.tell(new DuplicateSessions(gateway.table, gateway.policy));
    connectAs("alice", 0);
    connectAs("Alice", 1);
    connectAs("bob", 2);
    assertThat(gateway.table.size()).as("allowed by default").isEqualTo(3);

    gateway.follow(States.gateway().roots(ROOT).newestOnly().build());
    connectAs("alice", 3);
    gateway.happened.clear();
    gateway.policy.flush();

    assertThat(gateway.table.all().stream().map(session -> session.seat().client()))
        .containsExactlyInAnyOrder(2L, 3L);
    assertThat(gateway.happened)
        .containsExactly(
            "kernel Forbid", "server client-kill 0 HALT\n", "server client-kill 1 HALT\n");
  }

  private void connectAs(String user, long client) {
    ClientEvent event = event(Kind.CONNECT, client, "1");
    Map<String, String> environment = new HashMap<>(event.environment());
    environment.put("common_name", user);
    gateway.door.event(SLOT, new ClientEvent(Kind.CONNECT, client, 1, environment));
    gateway.policy.flush();
  }

  private boolean end(String id, SessionWord word) {
    return new OperatorsWord(gateway.table, gateway.policy, session -> redirected).end(id, word);
  }

  @Test
  void givenASessionThatAnotherPodHasNewer_whenItIsReplaced_thenItEndsForGood() {
    gateway.admit(0);

    assertThat(end("0000000000000000", SessionWord.REPLACE)).isFalse();
    assertThat(end(gateway.table.all().iterator().next().id(), SessionWord.REPLACE)).isTrue();
    gateway.policy.flush();

    assertThat(gateway.happened.getLast()).isEqualTo("server client-kill 0 HALT\n");
  }

  @Test
  void givenASessionWhoseClientIsAtAnotherPod_whenThatIsTold_thenItEndsAndItsAddressIsFree() {
    gateway.admit(0);
    String id = gateway.table.all().iterator().next().id();

    assertThat(end(id, SessionWord.MOVED)).isTrue();
    gateway.policy.flush();
    assertThat(gateway.happened).as("nobody sent it there").isEmpty();

    redirected = true;
    assertThat(end(id, SessionWord.MOVED)).isTrue();
    gateway.policy.flush();

    assertThat(gateway.happened).containsExactly("kernel Forbid", "server client-kill 0 RESTART\n");
    assertThat(gateway.table.size()).isZero();
  }

  @Test
  void givenALongestSession_whenACertificatesIsOver_thenItIsToBeShownAgain() {
    gateway.follow(States.gateway().roots(ROOT).longestSessionSeconds(3600).build());
    gateway.admit(0);
    gateway.door.event(SLOT, event(Kind.ESTABLISHED, 0, "1"));

    gateway.pass(Duration.ofMinutes(59));
    gateway.policy.tick();
    assertThat(gateway.table.size()).isEqualTo(1);

    gateway.pass(Duration.ofMinutes(1));
    gateway.policy.tick();
    gateway.policy.flush();
    assertThat(gateway.happened).containsExactly("kernel Forbid", "server client-kill 0 RESTART\n");
  }

  @Test
  void givenAnIdleTimeout_whenNoPacketPassesForSoLong_thenTheSessionEndsAndItsClientToo() {
    gateway.follow(States.gateway().roots(ROOT).idleSeconds(60).build());
    gateway.admit(0);
    gateway.door.event(SLOT, event(Kind.ESTABLISHED, 0, "1"));
    for (int i = 0; i < 10; i++) {
      gateway.packets++;
      gateway.pass(Duration.ofSeconds(30));
      gateway.policy.tick();
    }
    assertThat(gateway.table.size()).isEqualTo(1);

    gateway.pass(Duration.ofSeconds(59));
    gateway.policy.tick();
    assertThat(gateway.table.size()).isEqualTo(1);

    gateway.pass(Duration.ofSeconds(1));
    gateway.policy.tick();
    gateway.policy.flush();
    assertThat(gateway.happened).containsExactly("kernel Forbid", "server client-kill 0 HALT\n");
  }

  @Test
  void givenChangedRoutes_whenAWhileHasPassed_thenClientsDialAgainAFewASecond() {
    gateway.follow(States.gateway().limit(30).roots(ROOT).build());
    for (int i = 0; i < 12; i++) {
      gateway.admit(i);
    }

    gateway.follow(States.gateway().limit(30).roots(ROOT).routes("10.20.0.0/16").build());
    gateway.policy.tick();
    assertThat(gateway.table.size()).as("at once").isEqualTo(12);
    gateway.pass(Duration.ofSeconds(3));
    gateway.policy.tick();
    assertThat(gateway.table.size()).isEqualTo(7);
    gateway.policy.tick();
    gateway.policy.tick();
    gateway.policy.flush();

    assertThat(gateway.table.size()).isZero();
    assertThat(gateway.happened)
        .contains("server client-kill 0 RESTART\n", "server client-kill 11 RESTART\n");
  }

  @Test
  void givenTheSameRoutesInOtherWords_whenAWhileHasPassed_thenNobodyDialsAgain() {
    gateway.follow(States.gateway().roots(ROOT).routes("10.96.0.0/12").build());
    gateway.admit(0);

    gateway.follow(States.gateway().roots(ROOT).routes("10.96.0.0/13", "10.104.0.0/13").build());
    gateway.pass(Duration.ofMinutes(1));
    gateway.policy.tick();

    assertThat(gateway.table.size()).isEqualTo(1);
  }

  private static GatewayState state(int limit, String... roots) {
    return States.gateway().limit(limit).roots(roots).build();
  }
}
