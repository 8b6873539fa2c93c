package dev.p2s.sstp.control;

import dev.p2s.sstp.binding.BindingClaim;

/** What a client says on an SSTP connection. */
public sealed interface ClientMessage {

  /**
   * Wishes for a call.
   *
   * @param protocol what it wants to carry; PPP is 1
   */
  record ConnectRequest(int protocol) implements ClientMessage {

    /** The one protocol that there is. */
    public static final int PPP = 1;
  }

  /** Has authenticated and proves that it did so on this very TLS connection. */
  record Connected(BindingClaim claim) implements ClientMessage {}

  record Abort() implements ClientMessage {}

  record Disconnect() implements ClientMessage {}

  record DisconnectAck() implements ClientMessage {}

  record EchoRequest() implements ClientMessage {}

  record EchoResponse() implements ClientMessage {}

  /** What only a server may say. */
  record NotAClients() implements ClientMessage {}
}
