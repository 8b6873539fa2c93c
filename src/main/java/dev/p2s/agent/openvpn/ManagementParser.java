package dev.p2s.agent.openvpn;

import dev.p2s.agent.openvpn.ManagementMessage.Answer;
import dev.p2s.agent.openvpn.ManagementMessage.ByteCount;
import dev.p2s.agent.openvpn.ManagementMessage.ClientEvent;
import dev.p2s.agent.openvpn.ManagementMessage.Kind;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Puts the lines of OpenVPN's management interface together (management-notes.txt of OpenVPN 2.6).
 * It takes anything and never fails: what is not understood is passed over, and an environment that
 * is larger than any real one loses entries, which admission then misses and refuses.
 */
public final class ManagementParser {

  /** More entries than a chain of ten certificates makes. */
  static final int MAX_ENTRIES = 512;

  private static final String CLIENT = ">CLIENT:";
  private static final String BYTES = ">BYTECOUNT_CLI:";
  private static final String ENV = "ENV,";

  private Kind kind;
  private long client;
  private long key;
  private Map<String, String> environment = new HashMap<>();

  /** The next line, without its end; a message where the line completes one. */
  public Optional<ManagementMessage> line(String line) {
    if (line.startsWith(CLIENT)) {
      return clientLine(line.substring(CLIENT.length()));
    }
    if (line.startsWith(BYTES)) {
      return byteCount(line.substring(BYTES.length()));
    }
    return line.startsWith(">") ? Optional.empty() : Optional.of(new Answer(line));
  }

  private Optional<ManagementMessage> clientLine(String text) {
    if (text.equals("ENV,END")) {
      return end();
    }
    if (text.startsWith(ENV)) {
      entry(text.substring(ENV.length()));
      return Optional.empty();
    }
    begin(text.split(",", 4));
    return Optional.empty();
  }

  private void begin(String[] fields) {
    Kind next =
        switch (fields[0]) {
          case "CONNECT" -> Kind.CONNECT;
          case "REAUTH" -> Kind.REAUTH;
          case "ESTABLISHED" -> Kind.ESTABLISHED;
          case "DISCONNECT" -> Kind.DISCONNECT;
          // ADDRESS has no environment; CR_RESPONSE answers a challenge that is never posed.
          default -> null;
        };
    boolean keyed = next == Kind.CONNECT || next == Kind.REAUTH;
    if (next == null && fields[0].equals("ADDRESS")) {
      return;
    }
    kind = next;
    environment = new HashMap<>();
    client = fields.length > 1 ? number(fields[1]) : -1;
    key = keyed && fields.length > 2 ? number(fields[2]) : -1;
    if (client < 0 || (keyed && key < 0)) {
      kind = null;
    }
  }

  private void entry(String text) {
    int equals = text.indexOf('=');
    if (kind != null && equals > 0 && environment.size() < MAX_ENTRIES) {
      environment.put(text.substring(0, equals), text.substring(equals + 1));
    }
  }

  private Optional<ManagementMessage> end() {
    if (kind == null) {
      return Optional.empty();
    }
    ClientEvent event = new ClientEvent(kind, client, key, environment);
    kind = null;
    environment = new HashMap<>();
    return Optional.of(event);
  }

  private static Optional<ManagementMessage> byteCount(String text) {
    String[] fields = text.split(",", 4);
    if (fields.length != 3) {
      return Optional.empty();
    }
    ByteCount count = new ByteCount(number(fields[0]), number(fields[1]), number(fields[2]));
    return count.client() < 0 || count.in() < 0 || count.out() < 0
        ? Optional.empty()
        : Optional.of(count);
  }

  /** A number of at most 18 digits; -1 for anything else. */
  private static long number(String text) {
    return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : -1;
  }
}
