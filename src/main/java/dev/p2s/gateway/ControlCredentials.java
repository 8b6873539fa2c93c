package dev.p2s.gateway;

/**
 * The operator's end of the mTLS stream to a gateway's agents.
 *
 * @param authorityPem the gateway's control CA, which signs one agent and one operator leaf
 * @param operatorCertificatePem the operator's leaf
 * @param operatorKeyPem its PKCS#8 key; never printed
 */
record ControlCredentials(
    String authorityPem, String operatorCertificatePem, String operatorKeyPem) {

  @Override
  public String toString() {
    return "ControlCredentials";
  }
}
