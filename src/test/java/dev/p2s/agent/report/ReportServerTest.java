package dev.p2s.agent.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.p2s.api.v1alpha1.TunnelType;
import dev.p2s.dataplane.AgentReport;
import dev.p2s.dataplane.LastAddress;
import dev.p2s.dataplane.RefusedAttempt;
import dev.p2s.dataplane.SessionWord;
import dev.p2s.dataplane.StateSecret;
import dev.p2s.dataplane.kernel.TunnelAddress;
import dev.p2s.pki.CertificateAuthority;
import dev.p2s.pki.KeyKind;
import dev.p2s.pki.Pem;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.net.ServerSocket;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReportServerTest {

  private static final String KNOWN = "00000000000000aa";

  private final SecureRandom random = new SecureRandom();
  private final CertificateAuthority control = authority();
  private final CertificateAuthority.Leaf operator = client(control);
  private final Vertx vertx = Vertx.vertx();
  private final ConcurrentLinkedQueue<LastAddress> told = new ConcurrentLinkedQueue<>();
  private int port;
  private ReportServer server;

  @BeforeEach
  void aServer() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    server =
        new ReportServer(
            vertx,
            "127.0.0.1",
            port,
            (id, word) -> CompletableFuture.completedFuture(id.equals(KNOWN)),
            () -> List.of(attempt()),
            told::addAll);
    server.use(material(control));
    server.publish(report(1));
  }

  @AfterEach
  void theServerStops() {
    server.close();
    vertx.close();
  }

  @Test
  void givenAnOperator_whenItListens_thenTheNewestReportAtOnceAndEveryChange() {
    ConcurrentLinkedQueue<String> lines = new ConcurrentLinkedQueue<>();
    HttpClient client = dialler(operator, control);
    await()
        // the first handshake of a busy machine takes its time
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptions()
        .until(
            () -> status(client, HttpMethod.POST, "/v1/sessions/" + KNOWN + "/disconnect") == 204);

    client
        .request(HttpMethod.GET, port, "localhost", "/v1/report")
        .compose(HttpClientRequest::send)
        .onSuccess(response -> response.handler(data -> lines.add(data.toString())));
    await().until(() -> String.join("", lines).contains("\"stateGeneration\":1"));

    server.publish(report(2));
    await().until(() -> String.join("", lines).contains("\"stateGeneration\":2"));
    assertThat(String.join("", lines)).endsWith("\n");
    assertThat(lines).allMatch(line -> line.contains("2026-11-23T12:00:00Z"));
  }

  @Test
  void givenASessionId_whenItIsDisconnected_thenOnlyAKnownOneIsFound() {
    HttpClient client = dialler(operator, control);
    await()
        // the first handshake of a busy machine takes its time
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptions()
        .until(
            () -> status(client, HttpMethod.POST, "/v1/sessions/" + KNOWN + "/disconnect") == 204);

    for (SessionWord word : SessionWord.values()) {
      assertThat(status(client, HttpMethod.POST, word.path(KNOWN))).isEqualTo(204);
    }
    for (String path :
        List.of(
            "/v1/sessions/00000000000000bb/disconnect",
            "/v1/sessions/" + KNOWN + "/forget",
            "/v1/sessions/../../x/disconnect",
            "/v1/sessions//disconnect",
            "/metrics")) {
      assertThat(status(client, HttpMethod.POST, path)).isEqualTo(404);
    }
  }

  @Test
  void givenSomebodyWasTurnedAway_whenTheOperatorAsks_thenItIsTold() {
    HttpClient client = dialler(operator, control);
    await().ignoreExceptions().until(() -> status(client, HttpMethod.GET, "/v1/attempts") == 200);

    String told =
        client
            .request(HttpMethod.GET, port, "localhost", "/v1/attempts")
            .compose(HttpClientRequest::send)
            .compose(HttpClientResponse::body)
            .toCompletionStage()
            .toCompletableFuture()
            .join()
            .toString();
    assertThat(told).contains("mallory", "USER_BLOCKED", "2026-11-23T12:00:00Z");
  }

  @Test
  void givenAddressesOfOtherPods_whenTheOperatorTellsThem_thenOnlyWhatCanBeReadIsTaken() {
    HttpClient client = dialler(operator, control);
    await().ignoreExceptions().until(() -> status(client, HttpMethod.GET, "/") == 404);
    String known =
        """
        [{"user":"alice","certificateSha256":"","protocol":"OpenVPN","tunnelAddress":"10.8.0.7","clientHost":"192.0.2.7"}]""";

    assertThat(put(client, known)).isEqualTo(204);
    for (String bad : List.of("[{}]", "[null", known.replace("10.8.0.7", "10.8.0.300"))) {
      assertThat(put(client, bad)).as(bad).isEqualTo(400);
    }
    assertThat(put(client, " ".repeat(1_000_000))).isEqualTo(413);
    assertThat(told)
        .containsExactly(
            new LastAddress(
                "alice", "", TunnelType.OpenVPN, TunnelAddress.parse("10.8.0.7"), "192.0.2.7"));
  }

  private int put(HttpClient client, String body) {
    return client
        .request(HttpMethod.PUT, port, "localhost", "/v1/last-addresses")
        .compose(request -> request.send(body))
        .toCompletionStage()
        .toCompletableFuture()
        .join()
        .statusCode();
  }

  @Test
  void givenNoCertificateOrAStrangers_whenDialled_thenNothingIsHeard() {
    HttpClient known = dialler(operator, control);
    await().ignoreExceptions().until(() -> status(known, HttpMethod.GET, "/") == 404);

    CertificateAuthority stranger = authority();
    for (CertificateAuthority.Leaf leaf :
        java.util.Arrays.asList(
            null,
            client(stranger),
            // The agents' own kind of certificate is none to dial an agent with.
            control.issueServer(
                "agent",
                List.of("agent"),
                KeyKind.EC_P256,
                Duration.ofDays(1),
                Instant.now(),
                random))) {
      assertThat(status(dialler(leaf, control), HttpMethod.GET, "/v1/report")).isEqualTo(-1);
    }
  }

  @Test
  void givenNewKeys_whenTheyAreUsed_thenTheNewCaDecides() {
    HttpClient known = dialler(operator, control);
    await().ignoreExceptions().until(() -> status(known, HttpMethod.GET, "/") == 404);
    CertificateAuthority next = authority();

    server.use(material(next));

    HttpClient client = dialler(client(next), next);
    await().ignoreExceptions().until(() -> status(client, HttpMethod.GET, "/") == 404);
    assertThat(status(dialler(operator, next), HttpMethod.GET, "/")).isEqualTo(-1);
  }

  /** The answer's status; -1 where there is no answer. */
  private int status(HttpClient client, HttpMethod method, String path) {
    try {
      return client
          .request(method, port, "localhost", path)
          .compose(HttpClientRequest::send)
          .map(HttpClientResponse::statusCode)
          .toCompletionStage()
          .toCompletableFuture()
          .get(5, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      return -1;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private HttpClient dialler(CertificateAuthority.Leaf leaf, CertificateAuthority trusted) {
    HttpClientOptions options =
        new HttpClientOptions()
            .setSsl(true)
            .setVerifyHost(false)
            .setTrustOptions(
                new PemTrustOptions()
                    .addCertValue(Buffer.buffer(Pem.certificate(trusted.certificate()))));
    if (leaf != null) {
      options.setKeyCertOptions(
          new PemKeyCertOptions()
              .addCertValue(Buffer.buffer(Pem.certificate(leaf.certificate())))
              .addKeyValue(Buffer.buffer(Pem.key(leaf.key()))));
    }
    return vertx.createHttpClient(options);
  }

  private Map<String, String> material(CertificateAuthority authority) {
    CertificateAuthority.Leaf agent =
        authority.issueServer(
            "agent", List.of("agent"), KeyKind.EC_P256, Duration.ofDays(1), Instant.now(), random);
    return Map.of(
        StateSecret.AGENT_CERTIFICATE,
        Pem.certificate(agent.certificate()),
        StateSecret.AGENT_KEY,
        Pem.key(agent.key()),
        StateSecret.CONTROL_CA,
        Pem.certificate(authority.certificate()));
  }

  private static AgentReport report(long generation) {
    return AgentReport.of("gw-0")
        .state(generation, "")
        .programmed()
        .sessions(
            List.of(
                new AgentReport.Session(
                    KNOWN,
                    "alice",
                    "Certificate",
                    "OpenVPN",
                    "192.0.2.7:1",
                    "10.8.0.5",
                    Instant.parse("2026-11-23T12:00:00Z"),
                    "",
                    0,
                    0,
                    "",
                    null,
                    0,
                    0,
                    null)))
        .build();
  }

  private static RefusedAttempt attempt() {
    Instant then = Instant.parse("2026-11-23T12:00:00Z");
    return new RefusedAttempt(
        KNOWN,
        "mallory",
        "Certificate",
        "OpenVPN",
        "192.0.2.7:1",
        "",
        "USER_BLOCKED",
        "Your access is blocked.",
        then,
        then,
        1);
  }

  private CertificateAuthority authority() {
    return CertificateAuthority.selfSigned(
        "control", KeyKind.EC_P256, Duration.ofDays(2), Instant.now(), random);
  }

  private CertificateAuthority.Leaf client(CertificateAuthority authority) {
    return authority.issueClient(
        "operator", KeyKind.EC_P256, Duration.ofDays(1), Instant.now(), random);
  }
}
