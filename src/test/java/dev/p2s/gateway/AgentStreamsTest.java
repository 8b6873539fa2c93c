package dev.p2s.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.p2s.dataplane.RefusedAttempt;
import dev.p2s.pki.CertificateAuthority;
import dev.p2s.pki.KeyKind;
import dev.p2s.pki.Pem;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the operator hears of a gateway's agents when some of them are slow. */
class AgentStreamsTest {

  private static final ResourceID GATEWAY = new ResourceID("gw", "vpn");
  private static final String MALLORY =
      """
      [{"id":"00000000000000aa","user":"mallory","first":"2026-11-23T12:00:00Z",
        "last":"2026-11-23T12:00:00Z","count":1}]
      """;

  private final SecureRandom random = new SecureRandom();
  private final CertificateAuthority control =
      CertificateAuthority.selfSigned(
          "control", KeyKind.EC_P256, Duration.ofDays(2), Instant.now(), random);
  private final Vertx vertx = Vertx.vertx();
  private final AgentStreams streams =
      new AgentStreams(vertx, JsonMapper.builder().addModule(new JavaTimeModule()).build());

  @AfterEach
  void close() {
    streams.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void givenAnAnswerThatGetsLost_whenAttemptsAreAskedFor_thenTheAgentIsAskedAgain()
      throws Exception {
    AtomicInteger asked = new AtomicInteger();
    String pod =
        agent(
            "127.0.61.1",
            request -> {
              if (asked.incrementAndGet() > 1) {
                request.response().end(MALLORY);
              }
            });

    assertThat(attempts(pod)).extracting(RefusedAttempt::user).containsExactly("mallory");
    assertThat(asked).hasValue(2);
  }

  @Test
  void givenOneAgentThatNeverAnswers_whenAttemptsAreAskedFor_thenTheOthersAreTold()
      throws Exception {
    String silent = agent("127.0.61.2", request -> {});
    String talks = agent("127.0.61.3", request -> request.response().end(MALLORY));

    assertThat(attempts(silent, talks)).extracting(RefusedAttempt::user).containsExactly("mallory");
  }

  /** Within the time that somebody who asks the cluster's API is given. */
  private List<RefusedAttempt> attempts(String... addresses) throws Exception {
    List<Pod> pods = java.util.stream.Stream.of(addresses).map(AgentStreamsTest::pod).toList();
    streams.follow(GATEWAY, pods, credentials());
    return streams
        .attempts(GATEWAY)
        .toCompletionStage()
        .toCompletableFuture()
        .get(8, TimeUnit.SECONDS);
  }

  private String agent(String address, Handler<HttpServerRequest> attempts) {
    CertificateAuthority.Leaf leaf =
        control.issueServer(
            "agent", List.of("agent"), KeyKind.EC_P256, Duration.ofDays(1), Instant.now(), random);
    vertx
        .createHttpServer(
            new HttpServerOptions()
                .setSsl(true)
                .setKeyCertOptions(
                    new PemKeyCertOptions()
                        .addCertValue(Buffer.buffer(Pem.certificate(leaf.certificate())))
                        .addKeyValue(Buffer.buffer(Pem.key(leaf.key())))))
        .requestHandler(
            request -> {
              if (request.path().equals("/v1/attempts")) {
                attempts.handle(request);
              }
            })
        .listen(GatewayPods.REPORT_PORT, address)
        .toCompletionStage()
        .toCompletableFuture()
        .join();
    return address;
  }

  private static Pod pod(String address) {
    return new PodBuilder()
        .withNewMetadata()
        .withName("gw-" + address.substring(address.lastIndexOf('.') + 1))
        .endMetadata()
        .withNewSpec()
        .endSpec()
        .withNewStatus()
        .withPhase("Running")
        .withPodIP(address)
        .endStatus()
        .build();
  }

  private ControlCredentials credentials() {
    CertificateAuthority.Leaf operator =
        control.issueClient("operator", KeyKind.EC_P256, Duration.ofDays(1), Instant.now(), random);
    return new ControlCredentials(
        Pem.certificate(control.certificate()),
        Pem.certificate(operator.certificate()),
        Pem.key(operator.key()));
  }
}
