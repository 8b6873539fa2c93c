package dev.p2s.agent.openvpn;

import dev.p2s.agent.state.StateBundle;
import dev.p2s.dataplane.StateSecret;
import dev.p2s.dataplane.kernel.ProcessSlot;
import dev.p2s.dataplane.openvpn.OpenVpnServer;
import dev.p2s.dataplane.openvpn.ServerConfiguration;
import dev.p2s.dataplane.openvpn.ServerFiles;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * What the servers of a state are started with.
 *
 * @param server the typed settings
 * @param processes how many processes share the connections
 * @param rsa for suites that sign with RSA
 * @param ec for suites that sign with ECDSA
 * @param tlsAuth OpenVPN static key
 * @param issuing thumbprints of the trusted certificates that are no roots: a process that has one
 *     in memory ends chains there, and not at its root
 */
public record ServerInputs(
    OpenVpnServer server,
    int processes,
    KeyPair rsa,
    KeyPair ec,
    String tlsAuth,
    List<String> issuing) {

  public ServerInputs {
    issuing = issuing.stream().sorted().toList();
  }

  /**
   * A server certificate and its key.
   *
   * @param certificate PEM
   * @param key PKCS#8 PEM
   */
  public record KeyPair(String certificate, String key) {
    @Override
    public String toString() {
      return "KeyPair";
    }
  }

  /**
   * @throws IllegalArgumentException where the state cannot be served; the message names the field
   */
  public static ServerInputs of(StateBundle bundle) {
    OpenVpnServer server = OpenVpnServer.of(bundle.state());
    Map<String, String> entries = bundle.entries();
    return new ServerInputs(
        server,
        bundle.state().openVpn().processes(),
        new KeyPair(
            entries.get(StateSecret.SERVER_RSA_CERTIFICATE),
            entries.get(StateSecret.SERVER_RSA_KEY)),
        new KeyPair(
            entries.get(StateSecret.SERVER_EC_CERTIFICATE), entries.get(StateSecret.SERVER_EC_KEY)),
        entries.get(StateSecret.TLS_AUTH_KEY),
        Anchor.of(bundle.state()).stream().filter(Anchor::isIssuing).map(Anchor::sha256).toList());
  }

  /** Changes with everything that a server reads at its start only, and with nothing else. */
  public String fingerprint() {
    ServerFiles anywhere = new ServerFiles(Path.of("/run/p2s"), "00000000");
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String part :
          List.of(
              ServerConfiguration.render(server, anywhere, new ProcessSlot(0)),
              ServerConfiguration.tlsCipher(server),
              Integer.toString(processes),
              rsa.certificate(),
              rsa.key(),
              ec.certificate(),
              ec.key(),
              tlsAuth)) {
        digest.update(part.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
      }
      for (String thumbprint : issuing) {
        digest.update(thumbprint.getBytes(StandardCharsets.UTF_8));
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String toString() {
    return "ServerInputs[" + server + ", processes=" + processes + "]";
  }
}
