package dev.p2s.gateway;

import dev.p2s.pki.Pem;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import javax.net.ssl.KeyManagerFactory;

/**
 * The operator's end of the mTLS stream to a gateway's agents.
 *
 * @param authorityPem the gateway's control CA, which signs one agent and one operator leaf
 * @param operatorCertificatePem the operator's leaf
 * @param operatorKeyPem its PKCS#8 key; never printed
 */
record ControlCredentials(
    String authorityPem, String operatorCertificatePem, String operatorKeyPem) {

  /**
   * The leaf for a TLS client. The key store is one of the process's memory alone, so its format is
   * the one that does not derive a key from its password ten thousand times, for each gateway.
   */
  KeyManagerFactory keyManagers() {
    try {
      char[] nobodys = "memory".toCharArray();
      KeyStore store = KeyStore.getInstance("JKS");
      store.load(null, nobodys);
      store.setKeyEntry(
          "operator",
          Pem.parseKey(operatorKeyPem),
          nobodys,
          Pem.parseCertificates(operatorCertificatePem).toArray(Certificate[]::new));
      KeyManagerFactory factory = KeyManagerFactory.getInstance("SunX509");
      factory.init(store, nobodys);
      return factory;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String toString() {
    return "ControlCredentials";
  }
}
