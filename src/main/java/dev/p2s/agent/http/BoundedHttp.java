package dev.p2s.agent.http;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;

/**
 * An HTTP client that follows no redirect and gives up on what is too long or takes too long:
 * whoever answers in somebody's place gains nothing by it.
 */
public final class BoundedHttp implements AutoCloseable {

  private static final Duration CONNECT_WITHIN = Duration.ofSeconds(4);

  private final HttpClient client;
  private final Duration answerWithin;
  private final long largest;

  /**
   * @param trust whom https is believed
   * @param answerWithin for the whole answer
   * @param largest bytes of the longest answer
   */
  public BoundedHttp(SSLContext trust, Duration answerWithin, long largest) {
    this.client =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT_WITHIN)
            .followRedirects(HttpClient.Redirect.NEVER)
            .sslContext(trust)
            .build();
    this.answerWithin = answerWithin;
    this.largest = largest;
  }

  /**
   * An address that somebody else has named.
   *
   * @throws IOException where it is none of https
   */
  public static URI https(String address) throws IOException {
    try {
      URI uri = URI.create(address);
      if ("https".equals(uri.getScheme()) && uri.getHost() != null) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // told below
    }
    throw new IOException("the issuer names no https address");
  }

  /**
   * What is at an address.
   *
   * @throws IOException where the answer is none of success; the message names the address
   */
  public byte[] get(URI address) throws IOException {
    HttpResponse<byte[]> response = send(HttpRequest.newBuilder(address));
    if (response.statusCode() != 200) {
      throw new IOException(address + " answers " + response.statusCode());
    }
    return response.body();
  }

  /**
   * Sends a request and waits for the answer, whatever it is.
   *
   * @throws IOException where none comes in time and within bounds; the message names the address
   */
  public HttpResponse<byte[]> send(HttpRequest.Builder builder) throws IOException {
    HttpRequest request = builder.timeout(answerWithin).build();
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), largest));
    try {
      return answer.get(answerWithin.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new IOException(request.uri() + " does not answer within " + answerWithin, e);
    } catch (ExecutionException e) {
      throw new IOException(request.uri() + ": " + reason(e.getCause()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(request.uri() + ": interrupted", e);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }

  private static String reason(Throwable e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
