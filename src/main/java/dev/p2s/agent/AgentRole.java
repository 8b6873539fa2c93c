package dev.p2s.agent;

import dev.p2s.Role;
import dev.p2s.agent.kernel.NetdClient;
import dev.p2s.agent.oidc.TokenAuthenticator;
import dev.p2s.agent.radius.RadiusAuthenticator;
import dev.p2s.agent.radius.RadiusServers;
import dev.p2s.agent.report.ReportServer;
import dev.p2s.agent.state.StateSecretWatch;
import dev.p2s.agent.weblogin.WebLoginServer;
import dev.p2s.agent.weblogin.WebLogins;
import dev.p2s.dataplane.AgentReport;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** The role {@code agent} of the application: what a gateway pod's agent is made of. */
@Singleton
@Named("agent")
public class AgentRole implements Role {

  private final Instance<KubernetesClient> client;
  private final Vertx vertx;
  private final MeterRegistry registry;
  private final Clock clock;
  private final SecureRandom random;

  private NetdClient netd;
  private GatewayAgent agent;
  private ReportServer reports;
  private StateSecretWatch watch;
  private WebLogins web;
  private WebLoginServer pages;

  AgentRole(
      Instance<KubernetesClient> client,
      Vertx vertx,
      MeterRegistry registry,
      Clock clock,
      SecureRandom random) {
    this.client = client;
    this.vertx = vertx;
    this.registry = registry;
    this.clock = clock;
    this.random = random;
  }

  /** Starts the agent of the pod that the environment names; see {@link AgentConfiguration}. */
  @Override
  public synchronized void start() {
    AgentConfiguration configuration = AgentConfiguration.of(System.getenv());
    netd = new NetdClient(configuration.run());
    reports =
        new ReportServer(
            vertx,
            "0.0.0.0",
            configuration.reportPort(),
            (id, word) -> agent.end(id, word),
            () -> agent.attempts(),
            addresses -> agent.offer(addresses));
    RadiusServers radius = new RadiusServers(clock, random);
    TokenAuthenticator tokens = new TokenAuthenticator(clock, registry);
    web = new WebLogins(tokens, clock, random);
    pages = new WebLoginServer(vertx, web);
    agent =
        new GatewayAgent(
            configuration,
            netd,
            new AgentMeters(registry),
            clock,
            this::sessionId,
            random,
            radius,
            List.of(tokens, new RadiusAuthenticator(radius, clock, random)),
            web,
            bundle -> {
              reports.use(bundle.entries());
              pages.follow(bundle);
            },
            reports::publish);
    try {
      agent.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    watch =
        new StateSecretWatch(
            client.get(), configuration.namespace(), configuration.gateway(), agent::offer);
    watch.start();
  }

  /** Stops the agent; servers and sessions go on. */
  @Override
  public synchronized void stop() {
    if (agent != null) {
      watch.close();
      reports.close();
      agent.close();
      pages.close();
      web.close();
      netd.close();
    }
  }

  /** The newest report; empty before the start. */
  synchronized Optional<AgentReport> report() {
    return Optional.ofNullable(agent).map(GatewayAgent::report);
  }

  private String sessionId() {
    byte[] id = new byte[8];
    random.nextBytes(id);
    return HexFormat.of().formatHex(id);
  }
}
