package dev.p2s.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.addressing.Cidr;
import dev.p2s.agent.kernel.KernelGate;
import dev.p2s.agent.openvpn.ManagementMessage.ClientEvent;
import dev.p2s.agent.openvpn.ManagementMessage.Kind;
import dev.p2s.agent.openvpn.ServerFleet;
import dev.p2s.agent.openvpn.ServerStatus;
import dev.p2s.agent.session.Session;
import dev.p2s.agent.session.SessionTable;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.kernel.NetdCommand;
import dev.p2s.dataplane.kernel.NetdReply;
import dev.p2s.dataplane.kernel.ProcessSlot;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyPointTest {

  private static final ProcessSlot SLOT = new ProcessSlot(0);
  private static final String DAEMON = "12@1000";
  private static final String ROOT = "a".repeat(64);

  @TempDir Path directory;
  private final List<String> happened = new ArrayList<>();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private boolean kernelAnswers = true;
  private SessionTable table;
  private PolicyPoint policy;

  @BeforeEach
  void aGatewayWithOneServer() throws IOException {
    table = new SessionTable(directory);
    table.load();
    policy = policy(table);
    policy.follow(state(10, ROOT));
  }

  @Test
  void givenAClient_whenItConnects_thenItsGrantIsInForceBeforeTheServerIsTold() {
    policy.event(SLOT, event(Kind.CONNECT, 0, "1"));
    policy.flush();

    assertThat(happened).hasSize(2);
    assertThat(happened.get(0)).startsWith("kernel Permit");
    assertThat(happened.get(1)).startsWith("server client-auth 0 1\nifconfig-push 10.8.0.");
    assertThat(table.size()).isEqualTo(1);
    assertThat(
            registry
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
      policy.event(SLOT, event(Kind.CONNECT, i, "1"));
    }
    policy.event(SLOT, event(Kind.CONNECT, 10, "1"));
    policy.flush();

    assertThat(happened).filteredOn(line -> line.startsWith("kernel")).hasSize(1);
    assertThat(table.all()).extracting(Session::address).doesNotHaveDuplicates().hasSize(10);
    assertThat(happened)
        .anyMatch(line -> line.startsWith("server client-deny 10 1 \"GATEWAY_FULL\""));
  }

  @Test
  void givenASession_whenItsRootGoes_thenTheKernelIsToldBeforeTheServer() {
    admit(0);

    policy.follow(state(10));
    policy.flush();

    assertThat(happened).hasSize(2);
    assertThat(happened.get(0)).startsWith("kernel Forbid");
    assertThat(happened.get(1)).isEqualTo("server client-kill 0 RESTART\n");
    assertThat(table.size()).isZero();
  }

  @Test
  void givenNetdIsAway_whenAClientConnects_thenRefusedForNow_andLaterAdmitted() {
    kernelAnswers = false;
    policy.event(SLOT, event(Kind.CONNECT, 0, "1"));
    policy.flush();
    assertThat(happened.getLast()).startsWith("server client-deny 0 1 \"NOT_READY\" \"TEMP[");
    assertThat(table.size()).isZero();

    kernelAnswers = true;
    admit(1);
    assertThat(table.size()).isEqualTo(1);
  }

  @Test
  void givenNetdIsAway_whenASessionIsRevoked_thenItsAddressIsForbiddenAsSoonAsNetdAnswers() {
    admit(0);
    kernelAnswers = false;
    policy.follow(state(10));
    policy.flush();
    assertThat(happened).containsExactly("server client-kill 0 RESTART\n");

    kernelAnswers = true;
    policy.flush();
    assertThat(happened.getLast()).startsWith("kernel Forbid");
  }

  @Test
  void givenAnAgentThatStartsAgain_whenTheServerHasTheSession_thenItIsKnownAndOthersMustDialAgain()
      throws IOException {
    admit(0);
    String address = table.all().iterator().next().address().toString();
    SessionTable again = new SessionTable(directory);
    again.load();
    PolicyPoint next = policy(again);
    next.follow(state(10, ROOT));

    next.attached(
        SLOT,
        DAEMON,
        List.of(
            new ServerStatus.Row(0, "alice", address),
            new ServerStatus.Row(1, "bob", ""),
            new ServerStatus.Row(2, "UNDEF", "")));
    next.flush();

    assertThat(happened).containsExactly("server client-kill 1 RESTART\n");
    assertThat(again.size()).isEqualTo(1);
  }

  @Test
  void givenAServerThatWasStartedAnew_whenItAnswers_thenItsOldSessionsAreOver() {
    admit(0);

    policy.attached(SLOT, "13@2000", List.of());
    policy.flush();

    assertThat(table.size()).isZero();
    assertThat(happened).hasSize(1).first().asString().startsWith("kernel Forbid");
  }

  @Test
  void givenASession_whenItsKeysAreRenewed_thenTheStateDecidesAgain() {
    admit(0);

    policy.event(SLOT, event(Kind.REAUTH, 0, "2"));
    policy.flush();
    assertThat(happened).containsExactly("server client-auth-nt 0 2\n");
  }

  @Test
  void givenAClientWithoutCertificate_whenItConnects_thenRefusedForGood() {
    policy.event(
        SLOT,
        new ClientEvent(
            Kind.CONNECT, 0, 1, Map.of("daemon_pid", "12", "daemon_start_time", "1000")));
    policy.flush();

    assertThat(happened).hasSize(1).first().asString().contains("NO_CERTIFICATE");
  }

  @Test
  void givenASession_whenSomebodyDisconnectsIt_thenItEnds() {
    admit(0);

    assertThat(policy.disconnect("0000000000000000")).isFalse();
    assertThat(policy.disconnect(table.all().iterator().next().id())).isTrue();
    policy.flush();

    assertThat(happened.getLast()).isEqualTo("server client-kill 0 RESTART\n");
    assertThat(table.size()).isZero();
  }

  private void admit(long client) {
    policy.event(SLOT, event(Kind.CONNECT, client, "1"));
    policy.flush();
    happened.clear();
  }

  private PolicyPoint policy(SessionTable sessions) {
    AtomicInteger ids = new AtomicInteger();
    KernelGate gate =
        command -> {
          if (!kernelAnswers) {
            throw new IOException("netd does not answer");
          }
          happened.add("kernel " + command.getClass().getSimpleName());
          return command instanceof NetdCommand.ListGrants
              ? NetdReply.of(List.of())
              : NetdReply.success();
        };
    ServerFleet fleet =
        new ServerFleet(null) {
          @Override
          public void send(ProcessSlot slot, String commands) {
            happened.add("server " + commands);
          }
        };
    return new PolicyPoint(
        sessions,
        gate,
        fleet,
        new AuditLog("gw"),
        new AgentMeters(registry),
        Clock.fixed(Instant.parse("2026-11-23T12:00:00Z"), ZoneOffset.UTC),
        () -> "%016x".formatted(ids.incrementAndGet()));
  }

  private static ClientEvent event(Kind kind, long client, String key) {
    Map<String, String> environment = new HashMap<>();
    environment.put("common_name", "user" + client);
    environment.put("untrusted_ip", "192.0.2.7");
    environment.put("untrusted_port", "4711");
    environment.put("IV_PROTO", "990");
    environment.put("daemon_pid", "12");
    environment.put("daemon_start_time", "1000");
    environment.put("tls_digest_0", "%040x".formatted(client));
    environment.put("tls_digest_sha256_0", "%064x".formatted(client));
    environment.put("tls_digest_1", "b".repeat(40));
    environment.put("tls_digest_sha256_1", ROOT);
    return new ClientEvent(kind, client, Long.parseLong(key), environment);
  }

  private static GatewayState state(int limit, String... roots) {
    return new GatewayState(
        1,
        "default",
        "gw",
        1,
        List.of(Cidr.parse("10.8.0.0/24")),
        List.of(Cidr.parse("10.96.0.0/12")),
        true,
        null,
        limit,
        List.of(roots).stream()
            .map(root -> new GatewayState.TrustedRoot("root", root, ""))
            .toList(),
        List.of(),
        List.of(),
        new GatewayState.OpenVpn(1, "1.2", List.of(), List.of("AES-256-GCM"), 10, 60, 1500));
  }
}
