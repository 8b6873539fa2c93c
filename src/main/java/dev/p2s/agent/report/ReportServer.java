package dev.p2s.agent.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.p2s.dataplane.AgentReport;
import dev.p2s.dataplane.LastAddress;
import dev.p2s.dataplane.RefusedAttempt;
import dev.p2s.dataplane.SessionWord;
import dev.p2s.dataplane.StateSecret;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * The mTLS stream to the operators: {@code GET /v1/report} is the newest report at once, then on
 * every change (gathered for 200 ms) and every 10 seconds, one JSON object a line; {@code GET
 * /v1/attempts} is whom the pod turned away lately; {@code PUT /v1/last-addresses} tells what
 * people had at other pods; {@code POST /v1/sessions/{id}/disconnect}, {@code …/replace} and {@code
 * …/moved} end a session ({@link SessionWord}). Only a certificate of the control CA gets in.
 */
public final class ReportServer {

  private static final Logger LOG = Logger.getLogger(ReportServer.class);
  private static final long GATHER_MILLIS = 200;

  /** Somebody waits for what the operator answers. */
  private static final long HURRY_MILLIS = 20;

  private static final long HEARTBEAT_MILLIS = 10_000;
  private static final Pattern SESSION =
      Pattern.compile("/v1/sessions/([0-9a-f]{16})/(disconnect|replace|moved)");

  private final Vertx vertx;
  private final String address;
  private final int port;
  private final BiFunction<String, SessionWord, CompletableFuture<Boolean>> end;
  private final Supplier<List<RefusedAttempt>> attempts;
  private final Consumer<List<LastAddress>> lastAddresses;
  private final ObjectMapper json =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .build();
  private final Set<HttpServerResponse> subscribers = new LinkedHashSet<>();
  private final Context context;

  private AgentReport newest;
  private boolean sending;
  private List<String> material = List.of();
  private HttpServer server;

  /**
   * @param address where to listen, such as 0.0.0.0
   * @param end ends the session of an id; false where there is none
   * @param attempts whom the pod turned away lately
   * @param lastAddresses told what addresses people had at other pods
   */
  public ReportServer(
      Vertx vertx,
      String address,
      int port,
      BiFunction<String, SessionWord, CompletableFuture<Boolean>> end,
      Supplier<List<RefusedAttempt>> attempts,
      Consumer<List<LastAddress>> lastAddresses) {
    this.vertx = vertx;
    this.address = address;
    this.port = port;
    this.end = end;
    this.attempts = attempts;
    this.lastAddresses = lastAddresses;
    this.context = vertx.getOrCreateContext();
    context.runOnContext(none -> vertx.setPeriodic(HEARTBEAT_MILLIS, timer -> sendAll()));
  }

  /** Shows this certificate and trusts this CA from now on; connections that there are stay. */
  public void use(Map<String, String> entries) {
    String certificate = entries.get(StateSecret.AGENT_CERTIFICATE);
    String key = entries.get(StateSecret.AGENT_KEY);
    String authority = entries.get(StateSecret.CONTROL_CA);
    if (certificate == null || key == null || authority == null) {
      LOG.error("the state Secret holds no keys for the stream to the operator");
      return;
    }
    context.runOnContext(none -> listen(List.of(certificate, key, authority)));
  }

  /** Tells everybody who listens; of mere traffic they hear with the next regular report. */
  public void publish(AgentReport report) {
    context.runOnContext(
        none -> {
          boolean traffic = newest != null && ReportFactory.differOnlyInTraffic(newest, report);
          boolean hurry = newest != null && !newest.claims().equals(report.claims());
          newest = report;
          if (hurry || (!sending && !traffic)) {
            sending = true;
            vertx.setTimer(
                hurry ? HURRY_MILLIS : GATHER_MILLIS,
                timer -> {
                  sending = false;
                  sendAll();
                });
          }
        });
  }

  public void close() {
    context.runOnContext(
        none -> {
          if (server != null) {
            server.close();
          }
        });
  }

  private void listen(List<String> next) {
    if (next.equals(material)) {
      return;
    }
    HttpServerOptions options =
        new HttpServerOptions()
            .setSsl(true)
            .setClientAuth(ClientAuth.REQUIRED)
            .setEnabledSecureTransportProtocols(Set.of("TLSv1.3"))
            .setKeyCertOptions(
                new PemKeyCertOptions()
                    .addCertValue(Buffer.buffer(next.get(0)))
                    .addKeyValue(Buffer.buffer(next.get(1))))
            .setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(next.get(2))));
    var done =
        server == null
            ? vertx
                .createHttpServer(options)
                .requestHandler(this::answer)
                .listen(port, address)
                .<Void>map(
                    listening -> {
                      server = listening;
                      return null;
                    })
            : server.updateSSLOptions(options.getSslOptions()).<Void>mapEmpty();
    done.onSuccess(none -> material = next)
        .onFailure(
            e -> {
              LOG.errorf("the stream to the operator cannot be offered: %s", e.getMessage());
              vertx.setTimer(1000, timer -> listen(next));
            });
  }

  private void answer(HttpServerRequest request) {
    Matcher session = SESSION.matcher(request.path());
    if (request.method() == HttpMethod.GET && request.path().equals("/v1/report")) {
      subscribe(request.response());
    } else if (request.method() == HttpMethod.GET && request.path().equals("/v1/attempts")) {
      request
          .response()
          .putHeader("Content-Type", "application/json")
          .end(bytes(attempts.get()))
          .onFailure(e -> LOG.debugf("attempts were not taken: %s", e.getMessage()));
    } else if (request.method() == HttpMethod.PUT && request.path().equals("/v1/last-addresses")) {
      take(request);
    } else if (request.method() == HttpMethod.POST && session.matches()) {
      var unused =
          end.apply(
                  session.group(1), SessionWord.valueOf(session.group(2).toUpperCase(Locale.ROOT)))
              .thenAccept(found -> context.runOnContext(none -> end(request, found ? 204 : 404)));
    } else {
      end(request, 404);
    }
  }

  private void take(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    if (length == null || !length.matches("[0-9]{1,6}")) {
      end(request, 413);
      return;
    }
    request.body().onSuccess(body -> end(request, take(body)));
  }

  private int take(Buffer body) {
    try {
      lastAddresses.accept(List.of(json.readValue(body.getBytes(), LastAddress[].class)));
      return 204;
    } catch (IOException e) {
      LOG.warn("the operator told addresses that cannot be read");
      return 400;
    }
  }

  private static void end(HttpServerRequest request, int status) {
    request.response().setStatusCode(status).end();
  }

  private void subscribe(HttpServerResponse response) {
    response.setChunked(true).putHeader("Content-Type", "application/x-ndjson");
    response.closeHandler(none -> subscribers.remove(response));
    response.exceptionHandler(none -> subscribers.remove(response));
    subscribers.add(response);
    if (newest != null) {
      response.write(line(newest));
    }
  }

  private void sendAll() {
    if (newest == null || subscribers.isEmpty()) {
      return;
    }
    Buffer line = line(newest);
    for (HttpServerResponse subscriber : List.copyOf(subscribers)) {
      // Whoever does not keep up gets the next one, which says everything again.
      if (!subscriber.writeQueueFull()) {
        subscriber.write(line);
      }
    }
  }

  private Buffer line(AgentReport report) {
    return bytes(report).appendByte((byte) '\n');
  }

  private Buffer bytes(Object told) {
    try {
      return Buffer.buffer(json.writeValueAsBytes(told));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
