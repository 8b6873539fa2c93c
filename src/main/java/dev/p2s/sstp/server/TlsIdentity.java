package dev.p2s.sstp.server;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;

/**
 * What the endpoint is known by.
 *
 * @param chain from its own certificate up
 */
public record TlsIdentity(PrivateKey key, List<X509Certificate> chain) {

  public TlsIdentity {
    chain = List.copyOf(chain);
  }

  @Override
  public String toString() {
    return "the identity of " + chain.getFirst().getSubjectX500Principal();
  }

  /** TLS chooses by the suite: an RSA and an ECDSA certificate may stand side by side. */
  static KeyManagerFactory keyManagers(List<TlsIdentity> identities)
      throws GeneralSecurityException {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      for (TlsIdentity identity : identities) {
        store.setKeyEntry(
            identity.key.getAlgorithm(),
            identity.key,
            new char[0],
            identity.chain.toArray(X509Certificate[]::new));
      }
      KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
      factory.init(store, new char[0]);
      return factory;
    } catch (java.io.IOException e) {
      throw new GeneralSecurityException(e);
    }
  }
}
