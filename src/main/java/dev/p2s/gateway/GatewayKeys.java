package dev.p2s.gateway;

import dev.p2s.pki.SuppliedServerCertificate;

/**
 * All key material of a gateway, PEM. Nothing of it is ever printed.
 *
 * @param serverName the name that packages verify (CN of the server certificates), fixed for good
 * @param serverAuthority CA that signs the server certificates; kept, since packages hold it
 * @param rsa server certificate with an RSA key
 * @param ec server certificate with a P-256 key
 * @param tlsAuthKey OpenVPN static key; kept, since packages hold it
 * @param passKey what agents seal passes with; empty where nobody logs in by name and password
 * @param controlAuthority CA of the stream between operator and agents; certificate only
 * @param agent the agents' leaf
 * @param operator the operator's leaf
 */
record GatewayKeys(
    String serverName,
    String serverAuthority,
    Leaf rsa,
    Leaf ec,
    String tlsAuthKey,
    String passKey,
    String controlAuthority,
    Leaf agent,
    Leaf operator) {

  /**
   * @param certificate PEM
   * @param key PKCS#8 PEM
   */
  record Leaf(String certificate, String key) {
    @Override
    public String toString() {
      return "Leaf";
    }
  }

  /** The same keys, but a certificate of somebody's own in place of both that were issued. */
  GatewayKeys with(SuppliedServerCertificate supplied) {
    Leaf leaf = new Leaf(supplied.chain(), supplied.key());
    return new GatewayKeys(
        serverName,
        supplied.authority(),
        leaf,
        leaf,
        tlsAuthKey,
        passKey,
        controlAuthority,
        agent,
        operator);
  }

  ControlCredentials controlCredentials() {
    return new ControlCredentials(controlAuthority, operator.certificate(), operator.key());
  }

  @Override
  public String toString() {
    return "GatewayKeys of " + serverName;
  }
}
