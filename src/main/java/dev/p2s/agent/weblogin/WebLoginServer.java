package dev.p2s.agent.weblogin;

import dev.p2s.agent.state.StateBundle;
import dev.p2s.dataplane.StateSecret;
import dev.p2s.dataplane.openvpn.ServerConfiguration;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.PemKeyCertOptions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * The login page's web server: on the pod's loopback, where openvpn passes on to it what is HTTPS
 * on its port ({@code port-share}); with the certificate that the gateway shows everywhere. It says
 * nothing to whoever knows no address of a login.
 */
public final class WebLoginServer implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(WebLoginServer.class);

  /** Nobody else on the gateway's port may set or read it; it goes with the browser's session. */
  private static final String COOKIE = "__Host-p2s-login";

  private static final Pattern LOGIN = Pattern.compile("/login/([A-Za-z0-9_-]{32})");
  private static final int MOST_CONNECTIONS = 500;
  private static final int IDLE_SECONDS = 30;
  private static final int LONGEST_LINE = 16 * 1024;
  private static final int LONGEST_FORM = 2048;

  private final Vertx vertx;
  private final WebLogins logins;
  private final Context context;
  private final AtomicInteger connections = new AtomicInteger();
  private List<String> wanted = List.of();
  private List<String> material = List.of();
  private HttpServer server;

  public WebLoginServer(Vertx vertx, WebLogins logins) {
    this.vertx = vertx;
    this.logins = logins;
    this.context = vertx.getOrCreateContext();
  }

  /** Serves while people may log in with a browser, with the server certificate of this state. */
  public void follow(StateBundle bundle) {
    boolean offered =
        bundle.state().tokenIssuer() != null && bundle.state().tokenIssuer().webLogin() != null;
    Map<String, String> entries = bundle.entries();
    List<String> next =
        !offered
            ? List.of()
            : entries.getOrDefault(StateSecret.SERVER_RSA_CERTIFICATE, "").isEmpty()
                ? List.of(
                    entries.get(StateSecret.SERVER_EC_CERTIFICATE),
                    entries.get(StateSecret.SERVER_EC_KEY))
                : List.of(
                    entries.get(StateSecret.SERVER_RSA_CERTIFICATE),
                    entries.get(StateSecret.SERVER_RSA_KEY));
    context.runOnContext(
        none -> {
          wanted = next;
          serve();
        });
  }

  @Override
  public void close() {
    context.runOnContext(
        none -> {
          wanted = List.of();
          serve();
        });
  }

  private void serve() {
    if (wanted.equals(material)) {
      return;
    }
    if (wanted.isEmpty()) {
      HttpServer before = server;
      server = null;
      material = List.of();
      if (before != null) {
        before.close();
      }
      return;
    }
    List<String> next = wanted;
    HttpServerOptions options = options(next);
    var done =
        server == null
            ? vertx
                .createHttpServer(options)
                .connectionHandler(
                    connection -> {
                      if (connections.incrementAndGet() > MOST_CONNECTIONS) {
                        connection.close();
                      }
                      connection.closeHandler(none -> connections.decrementAndGet());
                    })
                .requestHandler(this::answer)
                .listen()
                .<Void>map(
                    listening -> {
                      server = listening;
                      return null;
                    })
            : server.updateSSLOptions(options.getSslOptions()).<Void>mapEmpty();
    done.onSuccess(none -> material = next)
        .onFailure(
            e -> {
              LOG.errorf("the login page cannot be offered: %s", e.getMessage());
              vertx.setTimer(1000, timer -> serve());
            });
  }

  private static HttpServerOptions options(List<String> material) {
    return new HttpServerOptions()
        .setHost("127.0.0.1")
        .setPort(ServerConfiguration.LOGIN_PAGE_PORT)
        .setSsl(true)
        .setUseAlpn(false)
        .setEnabledSecureTransportProtocols(Set.of("TLSv1.2", "TLSv1.3"))
        .setIdleTimeout(IDLE_SECONDS)
        .setMaxInitialLineLength(LONGEST_LINE)
        .setMaxHeaderSize(LONGEST_LINE)
        .setKeyCertOptions(
            new PemKeyCertOptions()
                .addCertValue(Buffer.buffer(material.get(0)))
                .addKeyValue(Buffer.buffer(material.get(1))));
  }

  private void answer(HttpServerRequest request) {
    String path = value(request.path());
    Matcher login = LOGIN.matcher(path);
    String browser = browser(request);
    if (request.method() == HttpMethod.GET && login.matches()) {
      String id = login.group(1);
      step(request, () -> logins.open(id));
    } else if (request.method() == HttpMethod.GET && path.equals("/login/callback")) {
      String state = value(request.getParam("state"));
      String code = value(request.getParam("code"));
      step(request, () -> logins.back(state, code, browser));
    } else if (request.method() == HttpMethod.POST && path.equals("/login/confirm")) {
      confirm(request, browser);
    } else {
      end(request, 404, "");
    }
  }

  private void confirm(HttpServerRequest request, String browser) {
    Buffer form = Buffer.buffer();
    request.handler(
        part -> {
          if (form.length() + part.length() > LONGEST_FORM) {
            request.connection().close();
          } else {
            form.appendBuffer(part);
          }
        });
    request.endHandler(
        none -> {
          String id =
              new QueryStringDecoder(form.toString(), false)
                  .parameters()
                  .getOrDefault("id", List.of(""))
                  .getFirst();
          step(request, () -> logins.confirm(id, browser));
        });
  }

  /** Takes a step that may last, and answers where the request came in. */
  private void step(HttpServerRequest request, Supplier<WebLogins.Step> step) {
    Context here = vertx.getOrCreateContext();
    Thread.ofVirtual()
        .start(
            () -> {
              WebLogins.Step taken;
              try {
                taken = step.get();
              } catch (RuntimeException e) {
                LOG.error("a step of a login failed", e);
                taken = new WebLogins.Step.Page(LoginPage.saying("That did not work. Try again."));
              }
              WebLogins.Step told = taken;
              here.runOnContext(none -> tell(request, told));
            });
  }

  private static void tell(HttpServerRequest request, WebLogins.Step step) {
    switch (step) {
      case WebLogins.Step.Page(String html) -> end(request, 200, html);
      case WebLogins.Step.Redirect redirect -> {
        request
            .response()
            .addCookie(
                Cookie.cookie(COOKIE, redirect.browser())
                    .setPath("/")
                    .setSecure(true)
                    .setHttpOnly(true)
                    .setSameSite(CookieSameSite.LAX))
            .putHeader("Location", redirect.to().toString());
        end(request, 302, "");
      }
    }
  }

  private static void end(HttpServerRequest request, int status, String html) {
    HttpServerResponse response = request.response();
    if (response.ended() || response.closed()) {
      return;
    }
    response
        .setStatusCode(status)
        .putHeader("Content-Type", "text/html; charset=utf-8")
        .putHeader("Cache-Control", "no-store")
        .putHeader("Referrer-Policy", "no-referrer")
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader(
            "Content-Security-Policy",
            "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
        .end(html);
  }

  private static String browser(HttpServerRequest request) {
    Cookie cookie = request.getCookie(COOKIE);
    return cookie == null ? "" : value(cookie.getValue());
  }

  private static String value(String given) {
    return given == null ? "" : given;
  }
}
