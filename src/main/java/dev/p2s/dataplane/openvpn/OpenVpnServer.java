package dev.p2s.dataplane.openvpn;

import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.dataplane.GatewayState;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What an OpenVPN server process reads at its start only, in the types that its configuration
 * allows: a text that is not of the expected letters never gets as far as a file.
 *
 * @param tlsVersionMin {@code 1.2} or {@code 1.3}
 * @param tlsCiphers for TLS 1.2, in order, in OpenVPN's spelling
 * @param dataCiphers of the data channel, in order
 * @param clientCertificates whether clients show a certificate
 * @param tunnelMtu MTU of the tunnel in bytes
 * @param handWindowSeconds how long a client's login may take, 60–180
 * @param loginPage whether browsers come to the same port
 */
public record OpenVpnServer(
    String tlsVersionMin,
    List<String> tlsCiphers,
    List<String> dataCiphers,
    ClientCertificates clientCertificates,
    int tunnelMtu,
    int handWindowSeconds,
    boolean loginPage) {

  /** How clients show who they are at the TLS handshake. */
  public enum ClientCertificates {
    /** Certificate authentication alone. */
    REQUIRE,
    /** Certificate authentication or a name and a password, as each client likes. */
    OPTIONAL,
    /** Names and passwords alone. */
    NONE
  }

  /** OpenVPN's own default. */
  public static final int HAND_WINDOW = 60;

  /** What a client needs beside the login itself: its TLS handshake, and what it is told. */
  private static final int BESIDE_LOGIN = 15;

  private static final Pattern SUITE = Pattern.compile("TLS-[A-Z0-9-]{1,60}");
  private static final Pattern DATA_CIPHER = Pattern.compile("[A-Z0-9-]{1,40}");

  public OpenVpnServer {
    tlsCiphers = List.copyOf(tlsCiphers);
    dataCiphers = List.copyOf(dataCiphers);
    require(tlsVersionMin.matches("1\\.[23]"), "tlsVersionMin", "must be 1.2 or 1.3");
    require(
        tlsCiphers.stream().allMatch(suite -> SUITE.matcher(suite).matches()),
        "tlsCipherSuites",
        "holds a name that is not of the form TLS_…");
    require(
        !dataCiphers.isEmpty()
            && dataCiphers.stream().allMatch(name -> DATA_CIPHER.matcher(name).matches()),
        "dataCiphers",
        "must be a list of cipher names of letters, digits and '-'");
    require(
        handWindowSeconds >= HAND_WINDOW && handWindowSeconds <= 180,
        "handWindowSeconds",
        "must lie within 60–180");
    require(tunnelMtu >= 576 && tunnelMtu <= 9000, "tunnelMtu", "must lie within 576–9000");
  }

  /**
   * @throws IllegalArgumentException where the state holds what no server can be configured with;
   *     the message names the field
   */
  public static OpenVpnServer of(GatewayState gateway) {
    GatewayState.OpenVpn state = gateway.openVpn();
    List<String> suites =
        state.tlsCipherSuites().stream().map(suite -> suite.replace('_', '-')).toList();
    return new OpenVpnServer(
        state.tlsVersionMin(),
        suites,
        state.dataCiphers(),
        clientCertificates(gateway.authentications()),
        state.tunnelMtu(),
        handWindow(gateway.radius()),
        gateway.tokenIssuer() != null && gateway.tokenIssuer().webLogin() != null);
  }

  /**
   * How long server and client wait for a login: as long as a person may need to confirm it.
   *
   * @param radius who is asked, or null for nobody
   */
  public static int handWindow(GatewayState.Radius radius) {
    return radius == null
        ? HAND_WINDOW
        : Math.max(HAND_WINDOW, radius.timeoutSeconds() + BESIDE_LOGIN);
  }

  private static ClientCertificates clientCertificates(List<AuthenticationType> methods) {
    if (!methods.contains(AuthenticationType.Certificate)) {
      return ClientCertificates.NONE;
    }
    return methods.size() == 1 ? ClientCertificates.REQUIRE : ClientCertificates.OPTIONAL;
  }

  private static void require(boolean holds, String field, String rule) {
    if (!holds) {
      throw new IllegalArgumentException("openVpn." + field + " " + rule);
    }
  }
}
