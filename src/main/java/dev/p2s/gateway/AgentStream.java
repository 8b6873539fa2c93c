package dev.p2s.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.p2s.dataplane.AgentReport;
import dev.p2s.dataplane.LastAddress;
import dev.p2s.dataplane.RefusedAttempt;
import dev.p2s.dataplane.SessionWord;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.parsetools.RecordParser;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** One operator's end of the mTLS stream to one agent; dials again for as long as it is open. */
final class AgentStream implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(AgentStream.class);
  private static final int LINE_LIMIT = 16 * 1024 * 1024;
  private static final int SILENCE_SECONDS = 30;
  private static final long ANSWER_MILLIS = 5_000;
  private static final long LOOK_MILLIS = 3_000;
  private static final long AWAITED_MILLIS = 10_000;

  /** The agent takes it for outdated after twice as long. */
  private static final Duration TOLD_FOR = Duration.ofMinutes(1);

  private static final long REDIAL_FIRST_MILLIS = 250;
  private static final long REDIAL_LAST_MILLIS = 10_000;

  private final Vertx vertx;
  private final ObjectMapper json;
  private final HttpClient client;
  private final String address;
  private final OptionalInt clientPort;
  private final Runnable changed;

  private volatile AgentReport report;

  /** What the agent knows of addresses at other pods; an agent that starts knows of none. */
  private volatile List<LastAddress> told = List.of();

  private volatile Instant toldAt = Instant.MIN;
  private volatile AgentReach reach;
  private volatile boolean awaited = true;
  private volatile boolean closed;
  private long redialMillis = REDIAL_FIRST_MILLIS;

  /**
   * @param address the pod's IP
   * @param clientPort the TCP port that its clients dial, where there is one
   * @param credentials the operator's end of the stream
   * @param changed called on the event loop whenever a report differs from the one before
   */
  AgentStream(
      Vertx vertx,
      ObjectMapper json,
      String address,
      OptionalInt clientPort,
      ControlCredentials credentials,
      Runnable changed) {
    this.vertx = vertx;
    this.json = json;
    this.address = address;
    this.clientPort = clientPort;
    this.changed = changed;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setSsl(true)
                .setVerifyHost(false) // the pod's address is in no certificate; the CA has one leaf
                .setConnectTimeout(2_000)
                .setIdleTimeout(SILENCE_SECONDS)
                .setIdleTimeoutUnit(TimeUnit.SECONDS)
                .setTrustOptions(
                    new PemTrustOptions().addCertValue(Buffer.buffer(credentials.authorityPem())))
                .setKeyCertOptions(KeyCertOptions.wrap(credentials.keyManagers())));
    vertx.setTimer(AWAITED_MILLIS, timer -> awaitedLongEnough());
    dial();
  }

  /** Whether the agent's first report may still come: it was dialled only just now. */
  boolean isAwaited() {
    return awaited;
  }

  private void awaitedLongEnough() {
    if (awaited && !closed) {
      awaited = false;
      changed.run();
    }
  }

  /** The newest report; empty until the first and while the agent cannot be reached. */
  Optional<AgentReport> report() {
    return Optional.ofNullable(report);
  }

  /** Ends a session of the pod; false where it has none of that id. */
  Future<Boolean> end(String session, SessionWord word) {
    return client
        .request(HttpMethod.POST, GatewayPods.REPORT_PORT, address, word.path(session))
        .compose(request -> request.idleTimeout(ANSWER_MILLIS).send())
        .compose(
            response ->
                switch (response.statusCode()) {
                  case 204 -> Future.succeededFuture(true);
                  case 404 -> Future.succeededFuture(false);
                  default -> Future.failedFuture("the agent answered " + response.statusCode());
                });
  }

  /** Tells what addresses people had at other pods; what the agent has heard is not said again. */
  void tell(List<LastAddress> addresses, Instant now) {
    boolean lasts = addresses.isEmpty() || now.isBefore(toldAt.plus(TOLD_FOR));
    if (report == null || (addresses.equals(told) && lasts)) {
      return;
    }
    told = addresses;
    toldAt = now;
    client
        .request(HttpMethod.PUT, GatewayPods.REPORT_PORT, address, "/v1/last-addresses")
        .compose(request -> request.idleTimeout(ANSWER_MILLIS).send(body(addresses)))
        .onFailure(
            e -> {
              LOG.debugf("agent at %s was not told: %s", address, e.getMessage());
              told = null;
            });
  }

  private Buffer body(List<LastAddress> addresses) {
    try {
      return Buffer.buffer(json.writeValueAsBytes(addresses));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Whom the pod turned away lately, oldest first; none from an agent that cannot tell, a failure
   * after six seconds of silence. It is asked twice: the kept connection may have died unseen.
   */
  Future<List<RefusedAttempt>> attempts() {
    return askForAttempts().recover(silence -> askForAttempts());
  }

  private Future<List<RefusedAttempt>> askForAttempts() {
    return client
        .request(HttpMethod.GET, GatewayPods.REPORT_PORT, address, "/v1/attempts")
        .compose(request -> request.idleTimeout(LOOK_MILLIS).send())
        .compose(
            response ->
                response.statusCode() == 200
                    ? response.body().map(this::attempts)
                    : Future.succeededFuture(List.<RefusedAttempt>of()))
        // the request's own bound gives its connection up; this one holds for the handshake too
        .timeout(LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  private List<RefusedAttempt> attempts(Buffer body) {
    try {
      return List.of(json.readValue(body.getBytes(), RefusedAttempt[].class));
    } catch (IOException e) {
      LOG.warnf("agent at %s told attempts that cannot be read", address);
      return List.of();
    }
  }

  String address() {
    return address;
  }

  /** Whether the pod has vanished since this was last asked. */
  boolean takeLost() {
    AgentReach current = reach;
    return current != null && current.takeLost();
  }

  @Override
  public void close() {
    closed = true;
    client.close();
    if (reach != null) {
      reach.close();
    }
  }

  private void dial() {
    AtomicBoolean ended = new AtomicBoolean();
    Consumer<Throwable> lost =
        cause -> {
          if (ended.compareAndSet(false, true)) {
            lost(cause);
          }
        };
    client
        .request(HttpMethod.GET, GatewayPods.REPORT_PORT, address, "/v1/report")
        .compose(request -> request.send())
        .onSuccess(response -> read(response, lost))
        .onFailure(lost::accept);
  }

  private void read(HttpClientResponse response, Consumer<Throwable> lost) {
    if (response.statusCode() != 200) {
      response.request().connection().close();
      lost.accept(new IOException("answered " + response.statusCode()));
      return;
    }
    RecordParser lines = RecordParser.newDelimited("\n", this::line).maxRecordSize(LINE_LIMIT);
    lines.exceptionHandler(error -> response.request().connection().close());
    response.handler(lines);
    response.exceptionHandler(lost::accept);
    response.endHandler(end -> lost.accept(new IOException("the agent ended the stream")));
  }

  private void line(Buffer line) {
    try {
      AgentReport next = json.readValue(line.getBytes(), AgentReport.class);
      redialMillis = REDIAL_FIRST_MILLIS;
      boolean differs = !next.equals(report);
      report = next;
      awaited = false;
      if (reach == null) {
        reach = new AgentReach(vertx, address, GatewayPods.REPORT_PORT, clientPort, this::vanished);
      }
      if (differs) {
        changed.run();
      }
    } catch (IOException e) {
      LOG.warnf("agent at %s sent a line that is no report", address);
    }
  }

  /** What a pod said that is gone counts no more; the stream itself would tell later. */
  private void vanished() {
    LOG.warnf("the pod at %s takes no clients any more", address);
    report = null;
    changed.run();
  }

  private void lost(Throwable cause) {
    if (closed) {
      return;
    }
    LOG.debugf("stream to agent at %s: %s", address, cause.getMessage());
    boolean known = report != null;
    report = null;
    told = List.of();
    if (known) {
      reach.agentEnded();
      changed.run();
    }
    long wait = redialMillis;
    redialMillis = Math.min(2 * redialMillis, REDIAL_LAST_MILLIS);
    vertx.setTimer(
        wait,
        timer -> {
          if (!closed) {
            dial();
          }
        });
  }
}
