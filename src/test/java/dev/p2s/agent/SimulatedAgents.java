package dev.p2s.agent;

import dev.p2s.addressing.Cidr;
import dev.p2s.agent.report.ReportFactory;
import dev.p2s.agent.report.ReportServer;
import dev.p2s.agent.session.ClientCertificate;
import dev.p2s.agent.session.Session;
import dev.p2s.agent.session.SessionTraffic;
import dev.p2s.agent.state.StateBundle;
import dev.p2s.agent.state.StateSecretWatch;
import dev.p2s.api.v1alpha1.TunnelType;
import dev.p2s.dataplane.SkuColumn;
import dev.p2s.dataplane.kernel.ProcessSlot;
import dev.p2s.dataplane.kernel.TunnelAddress;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The agents of a gateway's pods without their servers and tunnels: each watches the state Secret,
 * follows it, and speaks the real stream to the operators from an address of its own. Its clients
 * come a few a second until its share is full. What it follows when is printed, one line each.
 */
public final class SimulatedAgents {

  private static final int PORT = 9443;
  private static final Pattern POD = Pattern.compile(".*?([0-9]*)-([0-9]+)");
  private static final int ARRIVALS_A_SECOND = 50;

  private final String gateway;
  private final int ordinal;
  private final int most;
  private final PodShare share;
  private final ReportServer server;
  private final SessionTraffic traffic = new SessionTraffic((protocol, in, out) -> {});
  private final List<Session> sessions = new ArrayList<>();
  private final Set<TunnelAddress> taken = new HashSet<>();
  private final Clock clock = Clock.systemUTC();
  private Optional<StateBundle> bundle = Optional.empty();
  private int serial;

  private SimulatedAgents(Vertx vertx, String gateway, int ordinal, int most) {
    this.gateway = gateway;
    this.ordinal = ordinal;
    this.most = most;
    this.share = new PodShare(SkuColumn.IKEV2_OPENVPN, ordinal, clock);
    this.server =
        new ReportServer(
            vertx,
            address(gateway + "-" + ordinal),
            PORT,
            (id, word) -> CompletableFuture.completedFuture(false),
            List::of,
            addresses -> {});
  }

  /**
   * @param arguments namespace, how many agents a gateway, how many sessions at most in each agent,
   *     and the gateways
   */
  public static void main(String[] arguments) {
    int count = Integer.parseInt(arguments[1]);
    int most = Integer.parseInt(arguments[2]);
    Vertx vertx = Vertx.vertx();
    ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor();
    KubernetesClient client = new KubernetesClientBuilder().build();
    for (String gateway : List.of(arguments).subList(3, arguments.length)) {
      for (int i = 0; i < count; i++) {
        SimulatedAgents agent = new SimulatedAgents(vertx, gateway, i, most);
        new StateSecretWatch(
                client,
                arguments[0],
                gateway,
                entries -> loop.execute(told(() -> agent.follow(entries))))
            .start();
        var unused =
            loop.scheduleAtFixedRate(
                told(agent::tick), 1000 + 30L * i, 1000, TimeUnit.MILLISECONDS);
      }
    }
  }

  /** What would be swallowed by an executor is seen in the container's log. */
  private static Runnable told(Runnable work) {
    return () -> {
      try {
        work.run();
      } catch (RuntimeException e) {
        System.getLogger("agents").log(System.Logger.Level.ERROR, "an agent stumbled", e);
      }
    };
  }

  /** Where the agent of a pod listens: 198.18.G.N for ordinal N-1 of the gateway that ends in G. */
  public static String address(String pod) {
    Matcher name = POD.matcher(pod);
    if (!name.matches()) {
      throw new IllegalArgumentException(pod + " is no gateway's pod");
    }
    return "198.18."
        + (name.group(1).isEmpty() ? "0" : name.group(1))
        + "."
        + (Integer.parseInt(name.group(2)) + 1);
  }

  private void follow(Map<String, String> entries) {
    StateBundle next = StateBundle.of(entries);
    bundle = Optional.of(next);
    share.follow(next.state());
    server.use(entries);
    publish();
    System.out.printf("followed %d %d %d%n", next.state().generation(), ordinal, clock.millis());
  }

  private void tick() {
    int room = Math.min(most, share.holding().connections()) - sessions.size();
    for (int i = 0; i < Math.min(room, ARRIVALS_A_SECOND); i++) {
      free().ifPresent(this::arrive);
    }
    if (room <= 0 && sessions.size() < most) {
      share.turnedAway(sessions.size(), List.of());
    }
    serial++;
    sessions.forEach(session -> traffic.count(session, 1000L * serial, 3000L * serial));
    publish();
  }

  private Optional<TunnelAddress> free() {
    for (Cidr block : share.holding().blocks()) {
      for (long i = 0; i < block.size().longValueExact(); i++) {
        TunnelAddress address = TunnelAddress.of(block.address(i));
        if (!taken.contains(address)) {
          return Optional.of(address);
        }
      }
    }
    return Optional.empty();
  }

  private void arrive(TunnelAddress address) {
    taken.add(address);
    int number = ordinal * 10_000 + sessions.size();
    sessions.add(
        new Session(
            "%016x".formatted(number),
            new ClientCertificate(
                "person-" + number + "@example.com",
                List.of(
                    new ClientCertificate.Thumbprints(
                        "%040x".formatted(number), "%064x".formatted(number)))),
            "203.0.113.7:" + (1024 + sessions.size()),
            address,
            clock.millis(),
            new Session.Seat(TunnelType.OpenVPN, new ProcessSlot(0), "1@1", sessions.size()),
            null));
  }

  private void publish() {
    server.publish(
        ReportFactory.report(gateway + "-" + ordinal, bundle, "", sessions, traffic)
            .held(share.held(sessions), share.wantsMore())
            .build());
  }
}
