package dev.p2s.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.agent.openvpn.ManagementMessage.Kind;
import dev.p2s.agent.session.Person;
import dev.p2s.agent.session.Refusal;
import dev.p2s.agent.session.Refusal.Reason;
import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.api.v1alpha1.TunnelType;
import dev.p2s.dataplane.RefusedAttempt;
import dev.p2s.dataplane.States;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RefusedAttemptsTest {

  private static final Refusal BLOCKED =
      new Refusal(Reason.USER_BLOCKED, "Your access to this gateway is blocked.");

  private final AtomicInteger ids = new AtomicInteger();
  private final RefusedAttempts attempts =
      new RefusedAttempts(
          () -> "%016x".formatted(ids.incrementAndGet()),
          java.time.Clock.fixed(Instant.parse("2026-11-23T12:00:00Z"), ZoneOffset.UTC));

  @Test
  void givenSomebodyWhoTriesAgain_whenTheyAreRefusedTheSameWay_thenItIsOneAttemptThatCounts() {
    refuse("alice", "192.0.2.1:1000", BLOCKED);
    refuse("bob", "192.0.2.1:1001", BLOCKED);
    refuse("alice", "192.0.2.1:1002", BLOCKED);

    assertThat(attempts.all()).extracting(RefusedAttempt::user).containsExactly("bob", "alice");
    RefusedAttempt alice = attempts.all().getLast();
    assertThat(alice.count()).isEqualTo(2);
    assertThat(alice.clientAddress()).isEqualTo("192.0.2.1:1002");
    assertThat(alice.id()).isEqualTo("0000000000000001");
  }

  @Test
  void givenAnotherPlaceOrReason_whenSomebodyIsRefused_thenItIsAnAttemptOfItsOwn() {
    refuse("alice", "192.0.2.1:1000", BLOCKED);
    refuse("alice", "192.0.2.2:1000", BLOCKED);
    refuse("alice", "192.0.2.1:1000", new Refusal(Reason.LOGIN_EXPIRED, "Log in again."));
    attempts.add(TunnelType.OpenVPN, null, "", "192.0.2.1:1000", BLOCKED);

    assertThat(attempts.all()).hasSize(4);
    assertThat(attempts.all().getLast().user()).isEmpty();
  }

  @Test
  void givenMoreThanAreRemembered_whenAnotherIsRefused_thenTheOldestIsForgotten() {
    for (int i = 0; i <= RefusedAttempt.REMEMBERED; i++) {
      refuse("user" + i, "192.0.2.1:1000", BLOCKED);
    }
    List<RefusedAttempt> all = attempts.all();
    assertThat(all).hasSize(RefusedAttempt.REMEMBERED);
    assertThat(all.getFirst().user()).isEqualTo("user1");
  }

  @Test
  void givenABlockedUser_whenTheyDial_thenTheAttemptSaysWhoFromWhereAndWhy(@TempDir Path directory)
      throws IOException {
    TestGateway gateway = new TestGateway(directory);
    gateway.follow(States.gateway().roots(TestGateway.ROOT).blocked(List.of("user7")).build());
    gateway.door.event(TestGateway.SLOT, TestGateway.event(Kind.CONNECT, 7, "1"));
    gateway.pass(Duration.ofSeconds(5));
    gateway.door.event(TestGateway.SLOT, TestGateway.event(Kind.CONNECT, 7, "2"));

    RefusedAttempt attempt = gateway.attempts.all().getFirst();
    assertThat(gateway.attempts.all()).hasSize(1);
    assertThat(attempt.user()).isEqualTo("user7");
    assertThat(attempt.clientAddress()).isEqualTo("192.0.2.7:4711");
    assertThat(attempt.reason()).isEqualTo("USER_BLOCKED");
    assertThat(attempt.count()).isEqualTo(2);
    assertThat(attempt.last()).isEqualTo(attempt.first().plusSeconds(5));
  }

  private void refuse(String user, String from, Refusal why) {
    attempts.add(
        TunnelType.OpenVPN,
        new Person(AuthenticationType.RADIUS, user, List.of(), null, null),
        "",
        from,
        why);
  }
}
