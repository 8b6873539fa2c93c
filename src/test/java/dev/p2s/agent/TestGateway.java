package dev.p2s.agent;

import dev.p2s.agent.kernel.KernelGate;
import dev.p2s.agent.oidc.TokenAuthenticator;
import dev.p2s.agent.openvpn.ManagementMessage.ClientEvent;
import dev.p2s.agent.openvpn.ManagementMessage.Kind;
import dev.p2s.agent.openvpn.ServerFleet;
import dev.p2s.agent.session.Authentication;
import dev.p2s.agent.session.Authenticator;
import dev.p2s.agent.session.LoginAttempt;
import dev.p2s.agent.session.Session.Seat;
import dev.p2s.agent.session.SessionTable;
import dev.p2s.agent.state.StateBundle;
import dev.p2s.agent.weblogin.WebLogins;
import dev.p2s.api.v1alpha1.TunnelType;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.StateSecret;
import dev.p2s.dataplane.kernel.NetdCommand;
import dev.p2s.dataplane.kernel.NetdReply;
import dev.p2s.dataplane.kernel.PacketCount;
import dev.p2s.dataplane.kernel.ProcessSlot;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** The agent's decisions with a kernel, servers and a clock that a test holds in its hands. */
final class TestGateway {

  static final ProcessSlot SLOT = new ProcessSlot(0);
  static final String DAEMON = "12@1000";
  static final String ROOT = "a".repeat(64);

  private static final AtomicInteger IDS = new AtomicInteger();

  /** What the kernel and the servers were told, in order. */
  final List<String> happened = new ArrayList<>();

  final SeatServers servers = new SeatServers();
  final Clock clock;
  final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  final SessionTable table;
  final PolicyPoint policy;
  final RejoinPasses passes;
  final OpenVpnDoor door;
  final RefusedAttempts attempts;
  final People people = new People();
  final TokenAuthenticator tokens;
  final WebLogins web;
  final BrowserLogins browsers;
  final AwaitedAddresses awaited;

  /** What is to be done once nobody waits any longer. */
  final List<Runnable> afterPatience = new ArrayList<>();

  boolean kernelAnswers = true;

  /** Whether clients stay although they are asked to go elsewhere, as Windows' do. */
  boolean stays;

  private final PodShares shares;

  /** What has passed in each direction of each address. */
  long packets;

  private Instant now = Instant.parse("2026-11-23T12:00:00Z");

  TestGateway(Path directory) throws IOException {
    this(directory, List.of(), Runnable::run);
  }

  /**
   * @param authenticators who is asked in place of {@link #people}
   * @param loop where their answers come back to
   */
  TestGateway(Path directory, List<Authenticator> authenticators, Executor loop)
      throws IOException {
    table = new SessionTable(directory);
    table.load();
    ServerFleet fleet =
        new ServerFleet(null) {
          @Override
          public void send(ProcessSlot slot, String commands) {
            happened.add("server " + commands);
          }
        };
    Clock clock = ((InstantSource) this::now).withZone(ZoneOffset.UTC);
    servers.put(TunnelType.OpenVPN, servers(new OpenVpnEvictor(fleet)));
    this.clock = clock;
    tokens = new TokenAuthenticator(clock, registry);
    web = new WebLogins(tokens, clock, new SecureRandom());
    attempts = new RefusedAttempts(() -> "%016x".formatted(IDS.incrementAndGet()), clock);
    shares = new PodShares(0, clock);
    awaited = new AwaitedAddresses((time, task) -> afterPatience.add(task), clock);
    policy =
        new PolicyPoint(
            table,
            kernel(),
            servers,
            new AuditLog("gw", attempts),
            new AgentMeters(registry),
            clock,
            () -> "%016x".formatted(IDS.incrementAndGet()),
            shares,
            awaited);
    passes = new RejoinPasses(directory.resolve("sent-away"), new SecureRandom(), clock);
    passes.load();
    browsers = new BrowserLogins(web, directory, table, policy, loop, clock);
    door =
        new OpenVpnDoor(
            table,
            policy,
            new PasswordLogins(authenticators.isEmpty() ? List.of(people) : authenticators, loop),
            browsers,
            fleet,
            passes,
            clock);
  }

  /** What sees this gateway's clients off. */
  Departure departure(Path own) {
    return new Departure(own, shares, table, policy, servers, clock);
  }

  void follow(GatewayState state) {
    follow(state, Map.of());
  }

  /**
   * @param more entries of the state Secret beside the passes' key
   */
  void follow(GatewayState state, Map<String, String> more) {
    Map<String, String> entries = new HashMap<>(more);
    entries.put(StateSecret.PASS_KEY, Base64.getEncoder().encodeToString(new byte[32]));
    policy.follow(state);
    StateBundle bundle = new StateBundle(state, "", entries);
    tokens.follow(bundle);
    door.follow(bundle);
  }

  void pass(Duration time) {
    now = now.plus(time);
  }

  Instant now() {
    return now;
  }

  void admit(long client) {
    door.event(SLOT, event(Kind.CONNECT, client, "1"));
    policy.flush();
    happened.clear();
  }

  /** A client that shows a certificate of {@link #ROOT}. */
  static ClientEvent event(Kind kind, long client, String key) {
    Map<String, String> environment = environment();
    environment.put("common_name", "user" + client);
    environment.put("tls_digest_0", "%040x".formatted(client));
    environment.put("tls_digest_sha256_0", "%064x".formatted(client));
    environment.put("tls_digest_1", "b".repeat(40));
    environment.put("tls_digest_sha256_1", ROOT);
    return new ClientEvent(kind, client, Long.parseLong(key), environment);
  }

  /** A client that sends a name and a password. */
  static ClientEvent login(Kind kind, long client, String key, String user, String password) {
    Map<String, String> environment = environment();
    environment.put("username", user);
    environment.put("password", password);
    return new ClientEvent(kind, client, Long.parseLong(key), environment);
  }

  private static Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>();
    environment.put("untrusted_ip", "192.0.2.7");
    environment.put("untrusted_port", "4711");
    environment.put("IV_PROTO", "990");
    environment.put("daemon_pid", "12");
    environment.put("daemon_start_time", "1000");
    return environment;
  }

  private Evictor servers(Evictor processes) {
    return new Evictor() {
      @Override
      public void evict(Seat seat) {
        processes.evict(seat);
      }

      @Override
      public void dismiss(Seat seat) {
        processes.dismiss(seat);
      }

      @Override
      public boolean redirects(Seat seat) {
        if (stays) {
          happened.add("redirect " + seat.client());
        }
        return stays;
      }

      @Override
      public boolean answers(Seat seat) {
        return processes.answers(seat);
      }
    };
  }

  private KernelGate kernel() {
    return command -> {
      if (!kernelAnswers) {
        throw new IOException("netd does not answer");
      }
      if (command instanceof NetdCommand.CountPackets) {
        return NetdReply.counted(
            table.all().stream()
                .flatMap(session -> session.addresses().stream())
                .map(address -> new PacketCount(address, packets, packets))
                .toList());
      }
      happened.add("kernel " + command.getClass().getSimpleName());
      return command instanceof NetdCommand.ListGrants
          ? NetdReply.of(List.of())
          : NetdReply.success();
    };
  }

  /** Who is asked about names and passwords: answers when the test says so. */
  static final class People implements Authenticator {
    final List<LoginAttempt> asked = new ArrayList<>();
    private final List<Consumer<Authentication>> waiting = new ArrayList<>();

    void answer(Authentication outcome) {
      waiting.removeFirst().accept(outcome);
    }

    @Override
    public void follow(StateBundle bundle) {}

    @Override
    public boolean takes(LoginAttempt attempt) {
      return !attempt.user().equals("nobody");
    }

    @Override
    public void authenticate(LoginAttempt attempt, Consumer<Authentication> answer) {
      asked.add(attempt);
      waiting.add(answer);
    }

    @Override
    public void close() {}
  }
}
