package dev.p2s.dataplane.sstp;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.p2s.dataplane.kernel.ProcessSlot;
import dev.p2s.dataplane.kernel.TunnelAddress;
import java.util.List;

/** What the agent says to the SSTP endpoint. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "command")
@JsonSubTypes({
  @JsonSubTypes.Type(value = EndpointCommand.Serve.class, name = "serve"),
  @JsonSubTypes.Type(value = EndpointCommand.Ask.class, name = "ask"),
  @JsonSubTypes.Type(value = EndpointCommand.Welcome.class, name = "welcome"),
  @JsonSubTypes.Type(value = EndpointCommand.Refuse.class, name = "refuse"),
  @JsonSubTypes.Type(value = EndpointCommand.HangUp.class, name = "hang-up")
})
public sealed interface EndpointCommand {

  /** How a client may authenticate. */
  enum Method {
    /** EAP-TLS that ends at the endpoint. */
    CERTIFICATE,
    /** EAP of any kind, packet by packet between the client and whom the agent asks. */
    EAP,
    MSCHAPV2,
    PAP
  }

  /**
   * What new connections are met with; those that there are go on.
   *
   * @param slot names the tun device, which is there already, and the port; it never changes
   * @param mtu of the tun device in bytes; it never changes
   * @param identities the server's certificates with their keys
   * @param tlsVersions Java's names
   * @param tlsSuites IANA names as in the seed's TLS table, for TLS 1.2
   * @param methods the best first, at least one
   * @param clientRoots what certificates of clients must be issued by, PEM; for CERTIFICATE only,
   *     and then EAP is none of the methods
   * @param name the gateway's, for MSCHAPv2
   */
  record Serve(
      ProcessSlot slot,
      int mtu,
      List<Identity> identities,
      List<String> tlsVersions,
      List<String> tlsSuites,
      List<Method> methods,
      List<String> clientRoots,
      String name)
      implements EndpointCommand {
    public Serve {
      identities = List.copyOf(identities);
      tlsVersions = List.copyOf(tlsVersions);
      tlsSuites = List.copyOf(tlsSuites);
      methods = List.copyOf(methods);
      clientRoots = List.copyOf(clientRoots);
    }

    @Override
    public String toString() {
      return "Serve on " + slot.tunnel() + " with " + methods;
    }
  }

  /**
   * @param certificates PEM, the server's own first
   * @param key PEM
   */
  record Identity(String certificates, String key) {
    @Override
    public String toString() {
      return "an identity";
    }
  }

  /**
   * More is asked of a caller who has shown an EAP packet.
   *
   * @param eap the whole EAP request
   */
  record Ask(long call, byte[] eap) implements EndpointCommand {
    @Override
    public String toString() {
      return "Ask of call " + call;
    }
  }

  /**
   * Lets a caller in, whose grant is in force.
   *
   * @param proof MSCHAPv2's {@code S=…}; empty for other methods
   * @param key the 32 bytes that the crypto binding is made with; empty where the endpoint knows
   */
  record Welcome(
      long call,
      TunnelAddress client,
      TunnelAddress gateway,
      List<TunnelAddress> dns,
      String proof,
      byte[] key)
      implements EndpointCommand {
    public Welcome {
      dns = List.copyOf(dns);
    }

    @Override
    public String toString() {
      return "Welcome of call " + call;
    }
  }

  /**
   * @param lasting whether the login was wrong, rather than the time
   * @param sentence for the person
   */
  record Refuse(long call, boolean lasting, String sentence) implements EndpointCommand {}

  /** Ends a call in order; its client may dial again. */
  record HangUp(long call) implements EndpointCommand {}
}
