package dev.p2s.dataplane;

/** The entries of the Secret {@code <gateway>-state}, which the gateway's agents watch. */
public final class StateSecret {

  /** {@link GatewayState} as JSON. */
  public static final String STATE = "state.json";

  /** CA of the OpenVPN server certificate, PEM. */
  public static final String SERVER_CA = "server-ca.crt";

  /** Server certificate with an RSA key, PEM, and its PKCS#8 key. */
  public static final String SERVER_RSA_CERTIFICATE = "server-rsa.crt";

  public static final String SERVER_RSA_KEY = "server-rsa.key";

  /** Server certificate with a P-256 key, PEM, and its PKCS#8 key. */
  public static final String SERVER_EC_CERTIFICATE = "server-ec.crt";

  public static final String SERVER_EC_KEY = "server-ec.key";

  /** OpenVPN static key V1 that {@code tls-auth} uses; direction 0 on the server. */
  public static final String TLS_AUTH_KEY = "tls-auth.key";

  /** What passes are sealed with: 32 bytes, base64; agents of a gateway share it. */
  public static final String PASS_KEY = "auth-token.key";

  /** What the gateway shows to its issuer as a confidential client (OpenID Connect). */
  public static final String OIDC_CLIENT_SECRET = "oidc-client.secret";

  /** The agent's end of the mTLS stream: its certificate, key and the CA of the operator's. */
  public static final String AGENT_CERTIFICATE = "agent.crt";

  public static final String AGENT_KEY = "agent.key";
  public static final String CONTROL_CA = "control-ca.crt";

  private StateSecret() {}

  /**
   * What the gateway shares with a RADIUS server, base64.
   *
   * @param index the server's place in the spec
   */
  public static String radiusSecret(int index) {
    return "radius-" + index + ".secret";
  }

  /** The Secret's name for a gateway. */
  public static String nameFor(String gateway) {
    return gateway + "-state";
  }
}
