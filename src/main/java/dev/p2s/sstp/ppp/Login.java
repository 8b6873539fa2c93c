package dev.p2s.sstp.ppp;

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What a client has sent to show who it is. Never printed.
 *
 * @see AuthenticationProtocol
 */
public sealed interface Login {

  record Pap(String user, String password) implements Login {
    @Override
    public String toString() {
      return "a PAP login";
    }
  }

  /**
   * @param challenge the 16 bytes that the server has sent
   * @param peerChallenge the client's 16 bytes
   * @param response the 24 bytes of the NT-Response
   */
  record MsChapV2(String user, byte[] challenge, byte[] peerChallenge, byte[] response)
      implements Login {
    @Override
    public String toString() {
      return "an MSCHAPv2 login";
    }
  }

  /**
   * A part of an EAP conversation.
   *
   * @param id the packet's, which is that of the request it answers
   * @param data from the EAP type on
   */
  record Eap(int id, byte[] data) implements Login {
    @Override
    public String toString() {
      return "an EAP answer";
    }

    /** The whole packet (RFC 3748, 4). */
    public byte[] packet() {
      return new ControlPacket(EapPacket.RESPONSE, id, data).bytes();
    }
  }

  /**
   * A certificate whose key the client has, as an EAP conversation has shown.
   *
   * @param user as the client called itself
   * @param chain from its own certificate up to a trusted root
   */
  record Certificate(String user, List<X509Certificate> chain) implements Login {
    public Certificate {
      chain = List.copyOf(chain);
    }
  }
}
