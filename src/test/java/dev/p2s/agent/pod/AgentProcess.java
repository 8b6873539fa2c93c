package dev.p2s.agent.pod;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.p2s.agent.AgentConfiguration;
import dev.p2s.agent.AgentMeters;
import dev.p2s.agent.AtomicFile;
import dev.p2s.agent.GatewayAgent;
import dev.p2s.agent.kernel.NetdClient;
import dev.p2s.agent.oidc.TokenAuthenticator;
import dev.p2s.agent.radius.RadiusServers;
import dev.p2s.agent.weblogin.WebLogins;
import dev.p2s.dataplane.AgentReport;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.UUID;

/**
 * The agent as a process of its own without a cluster: it follows the mounted state and writes its
 * report to a file, so that a test can kill it.
 */
final class AgentProcess {

  private static final ObjectMapper JSON =
      JsonMapper.builder().addModule(new JavaTimeModule()).build();

  private AgentProcess() {}

  public static void main(String[] args) throws Exception {
    AgentConfiguration configuration = AgentConfiguration.of(System.getenv());
    Path report = configuration.own().resolve("report.json");
    TokenAuthenticator tokens =
        new TokenAuthenticator(Clock.systemUTC(), new SimpleMeterRegistry());
    GatewayAgent agent =
        new GatewayAgent(
            configuration,
            new NetdClient(configuration.run()),
            new AgentMeters(new SimpleMeterRegistry()),
            Clock.systemUTC(),
            () -> UUID.randomUUID().toString().replace("-", "").substring(0, 16),
            new SecureRandom(),
            new RadiusServers(Clock.systemUTC(), new SecureRandom()),
            List.of(),
            new WebLogins(tokens, Clock.systemUTC(), new SecureRandom()),
            bundle -> {},
            next -> write(report, next));
    agent.start();
    Thread.currentThread().join();
  }

  private static void write(Path file, AgentReport report) {
    try {
      AtomicFile.write(file, JSON.writeValueAsBytes(report));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
