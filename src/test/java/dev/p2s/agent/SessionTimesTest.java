package dev.p2s.agent;

import static dev.p2s.agent.TestGateway.DAEMON;
import static dev.p2s.agent.TestGateway.ROOT;
import static dev.p2s.agent.TestGateway.SLOT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.addressing.Cidr;
import dev.p2s.agent.session.ClientCertificate;
import dev.p2s.agent.session.ClientCertificate.Thumbprints;
import dev.p2s.agent.session.Refusal;
import dev.p2s.agent.session.Session;
import dev.p2s.agent.session.Session.Seat;
import dev.p2s.agent.session.SessionTraffic;
import dev.p2s.api.v1alpha1.TunnelType;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.SstpSettings;
import dev.p2s.dataplane.States;
import dev.p2s.dataplane.sstp.EndpointCommand.Method;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What time and changed routes do to sessions, whatever they speak. */
class SessionTimesTest {

  @TempDir Path directory;
  private TestGateway gateway;

  @BeforeEach
  void aGatewayWithServersOfEveryProtocol() throws IOException {
    gateway = new TestGateway(directory);
    for (TunnelType protocol : TunnelType.values()) {
      gateway.servers.put(protocol, new Server());
    }
  }

  @ParameterizedTest
  @EnumSource(TunnelType.class)
  void givenAnIdleTimeout_whenNoPacketPassesForSoLong_thenTheSessionEnds(TunnelType protocol) {
    gateway.follow(state().idleSeconds(60).build());
    Session session = admitted(protocol);
    gateway.packets = 7;
    gateway.policy.tick();
    assertThat(gateway.policy.traffic().of(session).packets())
        .isEqualTo(new SessionTraffic.Packets(7, 7));

    gateway.pass(Duration.ofSeconds(59));
    gateway.policy.tick();
    assertThat(gateway.table.size()).isEqualTo(1);

    gateway.pass(Duration.ofSeconds(1));
    gateway.policy.tick();
    gateway.policy.flush();
    assertThat(gateway.happened).containsExactly("kernel Forbid", "dismissed " + protocol);
  }

  @Test
  void givenAKernelThatDoesNotAnswer_whenTimeGoesBy_thenNobodyCountsAsIdle() {
    gateway.follow(state().idleSeconds(60).build());
    admitted(TunnelType.OpenVPN);

    gateway.kernelAnswers = false;
    gateway.pass(Duration.ofHours(1));
    gateway.policy.tick();

    assertThat(gateway.table.size()).isEqualTo(1);
  }

  @Test
  void givenIpv6BesideIpv4_whenPacketsAreCounted_thenBothAreTheSessions() {
    gateway.follow(state().pools("10.8.0.0/24", "fd50:1::/96").build());
    Session session = admitted(TunnelType.OpenVPN);

    gateway.packets = 4;
    gateway.policy.tick();

    assertThat(session.addresses()).hasSize(2);
    assertThat(gateway.policy.traffic().of(session).packets())
        .isEqualTo(new SessionTraffic.Packets(8, 8));
  }

  @Test
  void givenChangedRoutes_whenAWhileHasPassed_thenWhoCannotBeToldIsLeftAlone() {
    gateway.follow(state().routes("10.20.0.0/16").build());
    admitted(TunnelType.IKEv2);
    admitted(TunnelType.OpenVPN);
    admitted(TunnelType.SSTP);

    gateway.follow(state().routes("10.30.0.0/16").build());
    gateway.pass(Duration.ofSeconds(5));
    gateway.policy.tick();
    gateway.policy.flush();

    assertThat(gateway.happened).containsExactly("kernel Forbid", "evicted OpenVPN");
    assertThat(gateway.table.all())
        .extracting(session -> session.seat().protocol())
        .containsExactly(TunnelType.IKEv2, TunnelType.SSTP);
  }

  @Test
  void givenStatesThatChangeSomethingElse_whenTheyKeepComing_thenClientsLearnOfRoutesAllTheSame() {
    gateway.follow(state().routes("10.20.0.0/16").build());
    admitted(TunnelType.OpenVPN);

    for (int i = 0; i < 4; i++) {
      gateway.follow(state().limit(20 + i).routes("10.30.0.0/16").build());
      gateway.pass(Duration.ofSeconds(1));
      gateway.policy.tick();
    }

    assertThat(gateway.table.size()).isZero();
  }

  private static States state() {
    return States.gateway()
        .roots(ROOT)
        .sstp(new SstpSettings(List.of(), List.of(Method.CERTIFICATE), 1370, 10, null));
  }

  private Session admitted(TunnelType protocol) {
    Seat seat = new Seat(protocol, SLOT, DAEMON, protocol.ordinal());
    gateway.policy.admit(
        new Caller(seat),
        new ClientCertificate(
            "alice",
            List.of(
                new Thumbprints("c".repeat(40), "d".repeat(64)),
                new Thumbprints("b".repeat(40), ROOT))));
    gateway.policy.flush();
    Session session = gateway.table.at(seat).orElseThrow();
    gateway.policy.traffic().established(session);
    gateway.happened.clear();
    return session;
  }

  private record Caller(Seat seat) implements Arrival {
    @Override
    public String clientAddress() {
      return "192.0.2.7:4711";
    }

    @Override
    public void welcome(GatewayState state, Session session, Cidr pool) {}

    @Override
    public void refuse(Refusal why) {
      throw new AssertionError(why.sentence());
    }
  }

  private final class Server implements Evictor {
    @Override
    public void evict(Seat seat) {
      gateway.happened.add("evicted " + seat.protocol());
    }

    @Override
    public void dismiss(Seat seat) {
      gateway.happened.add("dismissed " + seat.protocol());
    }

    @Override
    public boolean answers(Seat seat) {
      return true;
    }
  }
}
