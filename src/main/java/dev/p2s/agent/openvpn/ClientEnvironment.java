package dev.p2s.agent.openvpn;

import dev.p2s.agent.session.ClientCertificate;
import dev.p2s.agent.session.ClientCertificate.Thumbprints;
import dev.p2s.agent.session.LoginAttempt;
import dev.p2s.agent.session.SessionTraffic;
import dev.p2s.dataplane.openvpn.ClientSettings;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads openvpn's environment block of one client. */
public final class ClientEnvironment {

  /** {@code IV_PROTO_AUTH_FAIL_TEMP}: the client understands {@code AUTH_FAILED,TEMP}. */
  private static final int UNDERSTANDS_TEMPORARY = 1 << 8;

  /** {@code IV_PROTO_AUTH_PENDING_KW}: the client waits as long as it is told to. */
  private static final int WAITS = 1 << 4;

  private final Map<String, String> entries;

  public ClientEnvironment(Map<String, String> entries) {
    this.entries = entries;
  }

  /** The verified certificate; empty where the client showed none. */
  public Optional<ClientCertificate> certificate() {
    List<Thumbprints> chain = new ArrayList<>();
    for (int depth = 0; ; depth++) {
      String sha1 = hexadecimal("tls_digest_" + depth, 40);
      String sha256 = hexadecimal("tls_digest_sha256_" + depth, 64);
      if (sha1 == null || sha256 == null) {
        break;
      }
      chain.add(new Thumbprints(sha1, sha256, serial("tls_serial_" + depth)));
    }
    return chain.isEmpty()
        ? Optional.empty()
        : Optional.of(new ClientCertificate(entries.getOrDefault("common_name", ""), chain));
  }

  /**
   * The name and password that the client has sent; empty where it sent none, or what stands in
   * their place where a browser asks for them.
   */
  public Optional<LoginAttempt> login() {
    String user = entries.getOrDefault("username", "");
    String password = entries.getOrDefault("password", "");
    boolean nothing = user.isEmpty() && password.isEmpty();
    boolean inItsPlace = browser() != Browser.NONE && password.equals(ClientSettings.BROWSER_LOGIN);
    return nothing || inItsPlace
        ? Optional.empty()
        : Optional.of(OpenVpnLogin.attempt(user, password, clientAddress()));
  }

  /** Where the client comes from, {@code address:port}. */
  public String clientAddress() {
    String v4 = entries.get("untrusted_ip");
    String address = v4 != null ? v4 : "[" + entries.getOrDefault("untrusted_ip6", "?") + "]";
    return address + ":" + entries.getOrDefault("untrusted_port", "?");
  }

  /** Which daemon it is: the process's id and start time. */
  public String daemon() {
    return entries.getOrDefault("daemon_pid", "?")
        + "@"
        + entries.getOrDefault("daemon_start_time", "?");
  }

  /** How the client lets a person log in with a browser. */
  public enum Browser {
    NONE,
    /** The older word for it, without anything to choose. */
    OPEN_URL,
    WEB_AUTH
  }

  /** Whether the client opens a browser where it is told to, and by which word. */
  public Browser browser() {
    List<String> announced = List.of(entries.getOrDefault("IV_SSO", "").split(",", 16));
    if (announced.contains("webauth")) {
      return Browser.WEB_AUTH;
    }
    return announced.contains("openurl") ? Browser.OPEN_URL : Browser.NONE;
  }

  /** Whether a temporary refusal can be told to the client without ending it. */
  public boolean understandsTemporary() {
    return announces(UNDERSTANDS_TEMPORARY);
  }

  /** Whether it can be told how long its login may take. */
  public boolean waitsAsTold() {
    return announces(WAITS);
  }

  private boolean announces(int bit) {
    String announced = entries.getOrDefault("IV_PROTO", "0");
    return announced.matches("[0-9]{1,9}") && (Integer.parseInt(announced) & bit) != 0;
  }

  /** What a client that has left has sent and got in all. */
  public Optional<SessionTraffic.Bytes> bytes() {
    String in = entries.getOrDefault("bytes_received", "");
    String out = entries.getOrDefault("bytes_sent", "");
    return in.matches("[0-9]{1,18}") && out.matches("[0-9]{1,18}")
        ? Optional.of(new SessionTraffic.Bytes(Long.parseLong(in), Long.parseLong(out)))
        : Optional.empty();
  }

  private BigInteger serial(String name) {
    String value = entries.getOrDefault(name, "");
    return value.matches("-?[0-9]{1,100}") ? new BigInteger(value) : null;
  }

  private String hexadecimal(String name, int digits) {
    String value = entries.get(name);
    if (value == null) {
      return null;
    }
    String plain = value.replace(":", "").toLowerCase(Locale.ROOT);
    return plain.length() == digits && plain.matches("[0-9a-f]+") ? plain : null;
  }
}
