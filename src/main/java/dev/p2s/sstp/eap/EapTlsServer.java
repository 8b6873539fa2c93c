package dev.p2s.sstp.eap;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;

/**
 * Authenticates clients by their certificates (EAP-TLS, RFC 5216; TLS 1.2, which every client of
 * SSTP speaks there). TLS itself is the JDK's. Whether a certificate is revoked is not asked here.
 */
public final class EapTlsServer {

  /** A session that is taken up again would show no certificate. */
  private static final int SESSION_SECONDS = 1;

  private final SSLContext context;
  private final List<X509Certificate> anchors;

  /**
   * @param keys the server's own
   * @param anchors what a client's chain must end in, at least one
   * @throws GeneralSecurityException where TLS cannot use them
   */
  public EapTlsServer(KeyManagerFactory keys, List<X509Certificate> anchors)
      throws GeneralSecurityException {
    this.anchors = List.copyOf(anchors);
    try {
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      for (int i = 0; i < anchors.size(); i++) {
        trusted.setCertificateEntry("anchor" + i, anchors.get(i));
      }
      TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(trusted);
      context = SSLContext.getInstance("TLSv1.2");
      context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
      context.getServerSessionContext().setSessionTimeout(SESSION_SECONDS);
    } catch (IOException e) {
      throw new GeneralSecurityException(e);
    }
  }

  /** A conversation with one client. */
  public EapTlsConversation begin() {
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(false);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setNeedClientAuth(true);
    parameters.setProtocols(new String[] {"TLSv1.2"});
    engine.setSSLParameters(parameters);
    return new EapTlsConversation(engine, anchors);
  }
}
