package dev.p2s.agent.radius;

import static dev.p2s.agent.radius.TestLogins.known;
import static dev.p2s.agent.radius.TestLogins.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.agent.session.Refusal;
import dev.p2s.api.v1alpha1.RadiusSpec.PasswordProtocol;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.aaa4j.radius.core.packet.Packet;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which server a login goes to, and that it goes there once. */
class RadiusFailoverTest {

  private static final Packet ACCEPT = TestRadiusServer.packet(RadiusPackets.ACCESS_ACCEPT);

  private final TestLogins logins = new TestLogins();
  private TestRadiusServer server;

  @BeforeEach
  void aServer() throws Exception {
    server = logins.server();
  }

  @AfterEach
  void theEnd() {
    logins.close();
  }

  @Test
  void givenTheFirstServerIsGone_whenProbed_thenTheSecondIsAskedAndTheFirstAgainWhenItIsBack()
      throws Exception {
    TestRadiusServer second = logins.server().answering(request -> List.of(ACCEPT));
    server.answering(request -> List.of(ACCEPT));
    int port = server.port();
    logins.follow(PasswordProtocol.PAP, server, second);
    known(logins.logIn("alice", "right"));
    assertThat(server.logins).hasSize(1);

    server.close();

    // the port is closed: the login that finds out is told to come again, and goes to the other
    assertThat(refused(logins.logIn("alice", "right")).reason())
        .isEqualTo(Refusal.Reason.AUTHENTICATION_AWAY);
    known(logins.logIn("alice", "right"));
    assertThat(second.logins).hasSize(1);

    TestRadiusServer back = logins.server(port).answering(request -> List.of(ACCEPT));
    Awaitility.await()
        .atMost(15, TimeUnit.SECONDS)
        .until(
            () -> {
              known(logins.logIn("alice", "right"));
              return !back.logins.isEmpty();
            });
  }

  @Test
  void givenAllServersAreClosed_whenLoggingIn_thenRefusedAtOnceAndForNow() throws Exception {
    logins.follow(PasswordProtocol.PAP, server);
    server.close();
    logins.logIn("alice", "right");

    long before = System.nanoTime();
    Refusal why = refused(logins.logIn("alice", "right"));

    assertThat(why.reason().lasting()).isFalse();
    assertThat(System.nanoTime() - before).isLessThan(TimeUnit.MILLISECONDS.toNanos(500));
  }

  @Test
  void givenSilence_whenTheTimeIsOver_thenOneRequestWasSentAndNoMore() throws Exception {
    logins.follow(PasswordProtocol.PAP, server, logins.server());

    assertThat(refused(logins.logIn("alice", "right")).sentence())
        .contains("not confirmed in time");
    assertThat(server.logins).hasSize(1);
  }

  @Test
  void givenServersThatAnswerNoProbes_whenTheFirstIsSilentTwice_thenTheSecondIsAsked()
      throws Exception {
    server.withoutProbes();
    TestRadiusServer second = logins.server().withoutProbes().answering(request -> List.of(ACCEPT));
    logins.follow(PasswordProtocol.PAP, server, second);

    refused(logins.logIn("alice", "right"));
    refused(logins.logIn("alice", "right"));
    known(logins.logIn("alice", "right"));

    assertThat(server.logins).hasSize(2);
    assertThat(second.logins).hasSize(1);
  }
}
