package dev.p2s.agent.revocation;

import dev.p2s.agent.http.BoundedHttp;
import dev.p2s.pki.CertificateRevocationList;
import java.io.IOException;
import java.net.URI;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import javax.net.ssl.SSLContext;

/** Lists over http, as most authorities give them away, or https. */
public final class HttpListSource implements ListSource {

  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(20);

  private final BoundedHttp http;

  public HttpListSource() {
    try {
      http =
          new BoundedHttp(SSLContext.getDefault(), ANSWER_WITHIN, CertificateRevocationList.LIMIT);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public byte[] fetch(String url) throws IOException {
    URI address;
    try {
      address = URI.create(url);
    } catch (IllegalArgumentException e) {
      throw new IOException("the address of the list is no URL", e);
    }
    if (!"http".equals(address.getScheme()) && !"https".equals(address.getScheme())) {
      throw new IOException("the address of the list is neither http nor https");
    }
    return http.get(address);
  }

  @Override
  public void close() {
    http.close();
  }
}
