package dev.p2s.agent;

import static dev.p2s.agent.TestGateway.ROOT;
import static dev.p2s.agent.TestGateway.SLOT;
import static dev.p2s.agent.TestGateway.event;
import static dev.p2s.agent.TestGateway.login;
import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.agent.oidc.EntraOfAlice;
import dev.p2s.agent.openvpn.ManagementMessage.ClientEvent;
import dev.p2s.agent.openvpn.ManagementMessage.Kind;
import dev.p2s.agent.radius.RadiusOfAlice;
import dev.p2s.agent.session.Authenticator;
import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.crd.SeedMatrix;
import dev.p2s.dataplane.States;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * "You can use any combination of Microsoft Entra ID, RADIUS, and certificate on OpenVPN" (seed):
 * each of the seven lets in who comes its way, and nobody else.
 */
class AuthenticationSubsetTest {

  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-23T12:00:00Z"), ZoneOffset.UTC);

  /** A person with what their client sends. */
  private enum Comer {
    CERTIFICATE(AuthenticationType.Certificate),
    PASSWORD(AuthenticationType.RADIUS),
    TOKEN(AuthenticationType.EntraID),
    WRONG_PASSWORD(null),
    TOKEN_FOR_ANOTHER_APPLICATION(null),
    CERTIFICATE_OF_ANOTHER_ROOT(null),
    NOTHING(null);

    private final AuthenticationType way;

    Comer(AuthenticationType way) {
      this.way = way;
    }

    ClientEvent connects(long client) {
      return switch (this) {
        case CERTIFICATE -> event(Kind.CONNECT, client, "1");
        case PASSWORD -> login(Kind.CONNECT, client, "1", "alice", RadiusOfAlice.PASSWORD);
        case TOKEN -> login(Kind.CONNECT, client, "1", "AzureAD", EntraOfAlice.token());
        case WRONG_PASSWORD -> login(Kind.CONNECT, client, "1", "alice", "guessed");
        case TOKEN_FOR_ANOTHER_APPLICATION ->
            login(Kind.CONNECT, client, "1", "AzureAD", EntraOfAlice.tokenForAnotherApplication());
        case CERTIFICATE_OF_ANOTHER_ROOT ->
            changed(
                event(Kind.CONNECT, client, "1"),
                shown -> shown.put("tls_digest_sha256_1", "c".repeat(64)));
        case NOTHING ->
            changed(
                login(Kind.CONNECT, client, "1", "", ""),
                shown -> shown.keySet().removeAll(Set.of("username", "password")));
      };
    }

    private static ClientEvent changed(ClientEvent event, Consumer<Map<String, String>> how) {
      Map<String, String> environment = new HashMap<>(event.environment());
      how.accept(environment);
      return new ClientEvent(event.kind(), event.client(), event.key(), environment);
    }
  }

  @TempDir Path directory;
  private final BlockingQueue<Runnable> answers = new LinkedBlockingQueue<>();
  private RadiusOfAlice radius;
  private Authenticator entra;
  private TestGateway gateway;

  @BeforeEach
  void aGatewayWithEveryWay() throws Exception {
    radius = new RadiusOfAlice(CLOCK);
    entra = EntraOfAlice.authenticator(CLOCK);
    gateway = new TestGateway(directory, List.of(entra, radius), answers::add);
  }

  @AfterEach
  void theEnd() {
    entra.close();
    radius.close();
  }

  static Stream<Set<AuthenticationType>> subsets() {
    return SeedMatrix.subsets(AuthenticationType.class).stream()
        .filter(types -> !types.contains(AuthenticationType.OIDC));
  }

  @ParameterizedTest
  @MethodSource("subsets")
  void givenASubset_whenEachComes_thenInOnlyByTheWaysThatItHas(Set<AuthenticationType> subset)
      throws Exception {
    boolean hasRadius = subset.contains(AuthenticationType.RADIUS);
    gateway.follow(
        States.gateway()
            .authentications(subset.toArray(AuthenticationType[]::new))
            .roots(ROOT)
            .tokenIssuer(
                subset.contains(AuthenticationType.EntraID) ? EntraOfAlice.settings() : null)
            .radius(hasRadius ? radius.settings() : null)
            .build(),
        hasRadius ? radius.secrets() : Map.of());

    for (Comer comer : Comer.values()) {
      String told = connects(comer);
      if (comer.way != null && subset.contains(comer.way)) {
        assertThat(told).as("%s", comer).startsWith("server client-auth ");
      } else {
        assertThat(told).as("%s", comer).startsWith("server client-deny ").contains("\"");
      }
    }

    assertThat(gateway.table.all().stream().map(session -> session.credential().method()))
        .containsExactlyInAnyOrderElementsOf(subset);
    // no token is shown to a RADIUS server
    assertThat(radius.asked()).isEqualTo(hasRadius ? 2 : 0);
  }

  /** What the server is told of somebody who comes. */
  private String connects(Comer comer) throws InterruptedException {
    gateway.happened.clear();
    gateway.door.event(SLOT, comer.connects(comer.ordinal()));
    gateway.policy.flush();
    while (gateway.happened.isEmpty()) {
      Runnable answer = answers.poll(10, TimeUnit.SECONDS);
      assertThat(answer).as("an answer to %s", comer).isNotNull();
      answer.run();
      gateway.policy.flush();
    }
    return gateway.happened.getLast();
  }
}
