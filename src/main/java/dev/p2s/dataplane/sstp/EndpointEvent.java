package dev.p2s.dataplane.sstp;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.p2s.dataplane.kernel.TunnelAddress;
import java.util.List;

/** What the SSTP endpoint tells the agent. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
@JsonSubTypes({
  @JsonSubTypes.Type(value = EndpointEvent.Attached.class, name = "attached"),
  @JsonSubTypes.Type(value = EndpointEvent.Serving.class, name = "serving"),
  @JsonSubTypes.Type(value = EndpointEvent.Arrived.class, name = "arrived"),
  @JsonSubTypes.Type(value = EndpointEvent.Connected.class, name = "connected"),
  @JsonSubTypes.Type(value = EndpointEvent.Carried.class, name = "carried"),
  @JsonSubTypes.Type(value = EndpointEvent.Left.class, name = "left")
})
public sealed interface EndpointEvent {

  /**
   * The first word to an agent.
   *
   * @param endpoint another for each start of the endpoint
   * @param calls those that were let in; who still waits is announced again
   */
  record Attached(String endpoint, List<Call> calls) implements EndpointEvent {
    public Attached {
      calls = List.copyOf(calls);
    }
  }

  /**
   * @param client its address inside
   * @param connected whether its packets pass
   */
  record Call(long call, TunnelAddress client, boolean connected) {}

  /**
   * The answer to {@link EndpointCommand.Serve}.
   *
   * @param problem why it cannot, for a person; empty where it does
   */
  record Serving(String problem) implements EndpointEvent {}

  /**
   * Somebody asks to be let in.
   *
   * @param clientAddress where it comes from, {@code address:port}
   */
  record Arrived(long call, String clientAddress, Shown shown) implements EndpointEvent {}

  /** Packets of a call pass from now on. */
  record Connected(long call) implements EndpointEvent {}

  /**
   * @param in bytes from the client since the call began
   * @param out bytes to it
   */
  record Carried(long call, long in, long out) implements EndpointEvent {}

  /** A caller who has arrived is gone. */
  record Left(long call, String why, long in, long out) implements EndpointEvent {}

  /** What somebody has shown. Never printed. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "method")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Password.class, name = "password"),
    @JsonSubTypes.Type(value = MsChapV2.class, name = "mschapv2"),
    @JsonSubTypes.Type(value = Eap.class, name = "eap"),
    @JsonSubTypes.Type(value = Certificate.class, name = "certificate")
  })
  sealed interface Shown {}

  record Password(String user, String password) implements Shown {
    @Override
    public String toString() {
      return "a password";
    }
  }

  /**
   * @param challenge the endpoint's 16 bytes
   * @param peerChallenge the client's 16 bytes
   * @param response the NT-Response's 24 bytes
   */
  record MsChapV2(String user, byte[] challenge, byte[] peerChallenge, byte[] response)
      implements Shown {
    @Override
    public String toString() {
      return "an MSCHAPv2 response";
    }
  }

  /**
   * @param packet a whole EAP response
   */
  record Eap(byte[] packet) implements Shown {
    @Override
    public String toString() {
      return "an EAP response";
    }
  }

  /**
   * @param user as the client called itself
   * @param chain DER, from the client's own up to one of the trusted roots
   */
  record Certificate(String user, List<byte[]> chain) implements Shown {
    public Certificate {
      chain = List.copyOf(chain);
    }

    @Override
    public String toString() {
      return "a certificate";
    }
  }
}
