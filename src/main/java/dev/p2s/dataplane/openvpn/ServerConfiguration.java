package dev.p2s.dataplane.openvpn;

import dev.p2s.dataplane.kernel.ProcessSlot;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The {@code server.conf} of one openvpn process (2.6): who people are, addresses and admission
 * from the agent over the management socket, a tun device that netd has made. It runs without any
 * capability.
 */
public final class ServerConfiguration {

  /** Where the agent's login page listens, on the pod's loopback. */
  public static final int LOGIN_PAGE_PORT = 9444;

  private ServerConfiguration() {}

  public static String render(OpenVpnServer server, ServerFiles files, ProcessSlot slot) {
    List<String> lines =
        new ArrayList<>(
            List.of(
                "mode server",
                "tls-server",
                "proto tcp-server",
                "port " + slot.port(),
                "dev " + slot.tunnel(),
                "dev-type tun",
                "topology subnet",
                "tun-mtu " + server.tunnelMtu(),
                // Devices, addresses and routes are netd's; DCO would want to make its own.
                "ifconfig-noexec",
                "route-noexec",
                "disable-dco",
                "persist-tun",
                "persist-key",
                "dh none",
                "cert " + files.certificate(),
                "key " + files.key(),
                // TLS 1.2's ECDSA suites; "opt" lets a stock openvpn do without.
                "setenv opt second-cert " + files.secondCertificate(),
                "setenv opt second-key " + files.secondKey(),
                "capath " + files.roots(),
                "tls-auth " + files.tlsAuth() + " 0",
                "auth SHA256",
                "tls-version-min " + server.tlsVersionMin(),
                "data-ciphers " + String.join(":", server.dataCiphers()),
                "verify-client-cert " + clientCertificates(server),
                // remote-cert-tls would refuse certificates without keyUsage, which Azure takes.
                "remote-cert-eku \"TLS Web Client Authentication\"",
                "auth-user-pass-optional",
                "duplicate-cn",
                "management " + files.management(slot) + " unix",
                "management-client-auth",
                "script-security 1",
                "tcp-nodelay",
                // The agent counts exactly; this is a bound that no SKU reaches.
                "max-clients 16384",
                "ping 10",
                "ping-restart 120",
                "verb 1"));
    if (server.handWindowSeconds() != OpenVpnServer.HAND_WINDOW) {
      // a person confirms the login elsewhere
      lines.add("hand-window " + server.handWindowSeconds());
    }
    if (server.loginPage()) {
      // what does not begin as OpenVPN does is a browser
      lines.add("port-share 127.0.0.1 " + LOGIN_PAGE_PORT);
    }
    return String.join("\n", lines) + "\n";
  }

  private static String clientCertificates(OpenVpnServer server) {
    return server.clientCertificates().name().toLowerCase(Locale.ROOT);
  }

  /** What {@code --tls-cipher} gets on the command line; empty for openvpn's own choice. */
  public static String tlsCipher(OpenVpnServer server) {
    return String.join(":", server.tlsCiphers());
  }
}
