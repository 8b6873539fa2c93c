package dev.p2s.agent.openvpn;

import java.util.Map;

/** What an openvpn process says on its management socket, as far as the agent needs it. */
public sealed interface ManagementMessage {

  /** What happened to a client. */
  enum Kind {
    CONNECT,
    REAUTH,
    ESTABLISHED,
    DISCONNECT
  }

  /**
   * @param client the client id (CID)
   * @param key the key id (KID) that an answer has to name; -1 where none is awaited
   * @param environment openvpn's environment block; what clients chose is only in {@code IV_*},
   *     {@code UV_*}, {@code username} and {@code password}
   */
  record ClientEvent(Kind kind, long client, long key, Map<String, String> environment)
      implements ManagementMessage {
    public ClientEvent {
      environment = Map.copyOf(environment);
    }

    /** Names the client and what happened; the environment may hold a password. */
    @Override
    public String toString() {
      return kind + " " + client + "/" + key;
    }
  }

  /** Bytes that a client has sent ({@code in}) and got since it connected. */
  record ByteCount(long client, long in, long out) implements ManagementMessage {}

  /** A line of an answer to a command. */
  record Answer(String line) implements ManagementMessage {}
}
