package dev.p2s.clusterapi;

import static dev.p2s.clusterapi.Reports.OFFICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.p2s.dataplane.RefusedAttempt;
import dev.p2s.pki.CertificateAuthority;
import dev.p2s.pki.KeyKind;
import dev.p2s.pki.Pem;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The listener with real TLS: who gets through, and what a large list costs. */
class ApiListenerTest {

  private static final String SESSIONS = "/apis/live.p2s.dev/v1alpha1/namespaces/vpn/p2ssessions";
  private static final String TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";

  private final Vertx vertx = Vertx.vertx();
  private final SecureRandom random = new SecureRandom();
  private final CertificateAuthority frontProxy = authority();
  private final ServingKeys keys = ServingKeys.made("localhost", Instant.now(), random);
  private final SessionFeed feed = new SessionFeed(Clock.systemUTC());
  private ApiListener listener;
  private int port;

  private static final class NoAgents implements AgentTalk {
    @Override
    public Map<ResourceID, List<RefusedAttempt>> attempts(Collection<ResourceID> gateways) {
      return Map.of();
    }

    @Override
    public boolean disconnect(SessionFeed.Place place, String session) {
      return false;
    }
  }

  @BeforeEach
  void itListens() {
    ApiRoutes routes =
        new ApiRoutes(
            List.of(new LiveGroup(feed, new NoAgents(), Clock.systemUTC())),
            (caller, call) -> caller.user().equals("ada"));
    listener = new ApiListener(vertx, 0, routes);
    port = awaited(listener.use(keys, proxy(frontProxy)));
  }

  @AfterEach
  void itStops() {
    awaited(listener.close());
    awaited(vertx.close());
  }

  @Test
  void givenTheFrontProxy_whenItAsksForSomebody_thenTheirRolesDecide() {
    HttpClient apiServer = dialler(person(frontProxy, "front-proxy-client"));

    assertThat(status(apiServer, "ada")).isEqualTo(200);
    assertThat(status(apiServer, "eve")).isEqualTo(403);
    assertThat(status(apiServer, "")).isEqualTo(401);
  }

  @Test
  void givenAnotherNameOfTheSameCa_whenItAsks_thenItMayNotSpeakForOthers() {
    assertThat(status(dialler(person(frontProxy, "somebody")), "ada")).isEqualTo(401);
  }

  @Test
  void givenNoCertificateOrOneOfAnotherCa_whenDialled_thenThereIsNoConnection() {
    assertThatThrownBy(() -> status(dialler(null), "ada")).isNotNull();
    assertThatThrownBy(() -> status(dialler(person(authority(), "front-proxy-client")), "ada"))
        .isNotNull();
  }

  @Test
  void givenTheClustersFrontProxyHasAnotherCa_whenItIsUsed_thenTheOldOneGetsNoConnection() {
    CertificateAuthority next = authority();
    assertThat(awaited(listener.use(keys, proxy(next)))).isEqualTo(port);

    assertThat(status(dialler(person(next, "front-proxy-client")), "ada")).isEqualTo(200);
    assertThatThrownBy(() -> status(dialler(person(frontProxy, "front-proxy-client")), "ada"))
        .isNotNull();
  }

  @Test
  void givenAWatch_whenASessionComes_thenItsLineComesAtOnce() {
    ConcurrentLinkedQueue<String> lines = new ConcurrentLinkedQueue<>();
    HttpClientResponse response =
        awaited(
            request(
                    dialler(person(frontProxy, "front-proxy-client")),
                    "ada",
                    SESSIONS + "?watch=true&timeoutSeconds=20",
                    "")
                .onSuccess(opened -> opened.handler(part -> lines.add(part.toString()))));
    assertThat(response.statusCode()).isEqualTo(200);

    feed.heard(OFFICE, Reports.pod(Reports.session(1, "alice")));

    await().atMost(Duration.ofSeconds(10)).until(() -> String.join("", lines).endsWith("\n"));
    assertThat(String.join("", lines)).contains("\"ADDED\"", "alice");
  }

  @Test
  void givenTenThousandSessions_whenListed_thenEachIsThere() throws Exception {
    feed.heard(OFFICE, Map.of("office-0", Optional.of(Reports.report(Reports.sessions(10_000)))));
    HttpClient apiServer = dialler(person(frontProxy, "front-proxy-client"));
    for (String accept : List.of("application/json", TABLE, "application/json", TABLE)) {
      long began = System.nanoTime();
      Buffer body =
          awaited(request(apiServer, "ada", SESSIONS, accept).compose(HttpClientResponse::body));
      System.out.printf(
          "10,000 sessions, %s: %d ms, %d KB%n",
          accept.contains("Table") ? "table" : "objects",
          (System.nanoTime() - began) / 1_000_000,
          body.length() / 1024);
      var list = JsonMapper.builder().build().readTree(body.getBytes());
      assertThat(list.path(accept.contains("Table") ? "rows" : "items")).hasSize(10_000);
    }
  }

  private int status(HttpClient client, String user) {
    return awaited(request(client, user, SESSIONS, "")).statusCode();
  }

  private Future<HttpClientResponse> request(
      HttpClient client, String user, String path, String accept) {
    return client
        .request(HttpMethod.GET, port, "localhost", path)
        .compose(
            request ->
                request
                    .putHeader("X-Remote-User", user)
                    .putHeader("Accept", accept.isEmpty() ? "*/*" : accept)
                    .send());
  }

  private static <T> T awaited(Future<T> future) {
    return future
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(20, java.util.concurrent.TimeUnit.SECONDS)
        .join();
  }

  private HttpClient dialler(CertificateAuthority.Leaf leaf) {
    HttpClientOptions options =
        new HttpClientOptions()
            .setSsl(true)
            .setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(keys.authority())));
    if (leaf != null) {
      options.setKeyCertOptions(
          new PemKeyCertOptions()
              .addCertValue(Buffer.buffer(Pem.certificate(leaf.certificate())))
              .addKeyValue(Buffer.buffer(Pem.key(leaf.key()))));
    }
    return vertx.createHttpClient(options);
  }

  private static FrontProxy proxy(CertificateAuthority authority) {
    return new FrontProxy(
        Pem.certificate(authority.certificate()),
        List.of("front-proxy-client"),
        List.of("X-Remote-User"),
        List.of(),
        List.of("X-Remote-Group"),
        List.of());
  }

  private CertificateAuthority authority() {
    return CertificateAuthority.selfSigned(
        "front proxy", KeyKind.EC_P256, Duration.ofDays(2), Instant.now(), random);
  }

  private CertificateAuthority.Leaf person(CertificateAuthority authority, String name) {
    return authority.issueClient(name, KeyKind.EC_P256, Duration.ofDays(1), Instant.now(), random);
  }
}
