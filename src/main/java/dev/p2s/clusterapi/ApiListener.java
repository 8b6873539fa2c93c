package dev.p2s.clusterapi;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.p2s.pki.CertificateAuthority;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jboss.logging.Logger;

/**
 * The TLS listener that only the cluster's API server gets through: a connection needs a client
 * certificate of the front proxy's CA and of no other.
 */
final class ApiListener {

  private static final Logger LOG = Logger.getLogger(ApiListener.class);
  private static final int BODY_LIMIT = 64 * 1024;
  private static final int HEADER_LIMIT = 64 * 1024;
  private static final int LINE_LIMIT = 16 * 1024;

  private record Material(ServingKeys keys, FrontProxy proxy) {}

  private final Vertx vertx;
  private final Context context;
  private final int port;
  private final ApiRoutes routes;
  private final JsonMapper json = JsonMapper.builder().build();

  private volatile Material inForce;
  private HttpServer server;

  /**
   * @param port 0 for any
   */
  ApiListener(Vertx vertx, int port, ApiRoutes routes) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.port = port;
    this.routes = routes;
  }

  /** Listens with these keys for this front proxy from now on; connections that there are stay. */
  Future<Integer> use(ServingKeys keys, FrontProxy proxy) {
    Material next = new Material(keys, proxy);
    return Future.future(done -> context.runOnContext(none -> listen(next).onComplete(done)));
  }

  /** Whether it listens. */
  boolean listens() {
    return inForce != null;
  }

  Future<Void> close() {
    return Future.future(
        done ->
            context.runOnContext(
                none -> {
                  if (server == null) {
                    done.complete();
                  } else {
                    server.close().onComplete(done);
                  }
                }));
  }

  private Future<Integer> listen(Material next) {
    if (next.equals(inForce)) {
      return Future.succeededFuture(server.actualPort());
    }
    HttpServerOptions options =
        new HttpServerOptions()
            .setSsl(true)
            .setUseAlpn(false)
            .setClientAuth(ClientAuth.REQUIRED)
            .setEnabledSecureTransportProtocols(Set.of("TLSv1.3", "TLSv1.2"))
            .setMaxHeaderSize(HEADER_LIMIT)
            .setMaxInitialLineLength(LINE_LIMIT)
            .setKeyCertOptions(
                new PemKeyCertOptions()
                    .addCertValue(Buffer.buffer(next.keys().certificate()))
                    .addKeyValue(Buffer.buffer(next.keys().key())))
            .setTrustOptions(
                new PemTrustOptions().addCertValue(Buffer.buffer(next.proxy().authorityPem())));
    Future<HttpServer> listening =
        server == null
            ? vertx.createHttpServer(options).requestHandler(this::take).listen(port)
            : server.updateSSLOptions(options.getSslOptions()).map(server);
    return listening.map(
        started -> {
          server = started;
          inForce = next;
          return started.actualPort();
        });
  }

  private void take(HttpServerRequest request) {
    Buffer body = Buffer.buffer();
    request.handler(
        part -> {
          if (body.length() + part.length() <= BODY_LIMIT) {
            body.appendBuffer(part);
          } else {
            request.connection().close();
          }
        });
    request.exceptionHandler(e -> LOG.debugf("a request broke off: %s", e.getMessage()));
    request.endHandler(
        none ->
            vertx
                .executeBlocking(() -> answer(request, body.getBytes()), false)
                .onSuccess(answer -> write(request.response(), answer))
                .onFailure(e -> write(request.response(), failed(e))));
  }

  private Answer answer(HttpServerRequest request, byte[] body) {
    return encoded(
        routes.answer(
            inForce.proxy().caller(commonName(request), request.headers().entries()),
            request.method().name(),
            request.path(),
            request.query(),
            Optional.ofNullable(request.getHeader("Accept")).orElse(""),
            body));
  }

  // 10,000 objects are written as text by a worker and not by the loop that everybody waits for
  private Answer encoded(Answer answer) {
    return answer instanceof Answer.Document document
        ? new Answer.Document(document.status(), bytes(document.body()))
        : answer;
  }

  private Answer failed(Throwable problem) {
    if (problem instanceof ApiFailure failure) {
      return new Answer.Document(failure.code(), bytes(LiveDocuments.status(failure)));
    }
    LOG.error("a request could not be answered", problem);
    return new Answer.Document(
        503, bytes(LiveDocuments.status(ApiFailure.unavailable("see the operator's log"))));
  }

  private void write(HttpServerResponse response, Answer answer) {
    if (response.closed()) {
      return;
    }
    response.putHeader("Content-Type", "application/json");
    switch (answer) {
      case Answer.Document(int status, Object body) ->
          response
              .setStatusCode(status)
              .end((Buffer) body)
              .onFailure(e -> LOG.debugf("an answer was not taken: %s", e.getMessage()));
      case Answer.Watch watch -> new OpenWatch(vertx, response, this::bytes).run(watch);
    }
  }

  private Buffer bytes(Object document) {
    try {
      return Buffer.buffer(json.writeValueAsBytes(document));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String commonName(HttpServerRequest request) {
    try {
      X509Certificate certificate = (X509Certificate) request.sslSession().getPeerCertificates()[0];
      return CertificateAuthority.commonName(certificate).orElse("");
    } catch (SSLPeerUnverifiedException e) {
      throw ApiFailure.unauthorized("no certificate was shown");
    }
  }
}
