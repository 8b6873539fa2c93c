package dev.p2s.agent.radius;

import dev.p2s.dataplane.kernel.TunnelAddress;
import java.util.Optional;

/** What a server of ours is told at a step of an EAP login. */
public sealed interface EapStep {

  /**
   * What the client has said.
   *
   * @param client who
   * @param user its EAP identity
   * @param eap the EAP packet
   * @param conversation which challenge it answers, 32 hexadecimal digits; empty for the first step
   */
  record Said(EapClient client, String user, byte[] eap, Optional<String> conversation) {}

  /** More is asked of the client. */
  record Ask(byte[] eap, String conversation) implements EapStep {}

  /**
   * It is in.
   *
   * @param sendKey and {@code receiveKey} of the server's end; empty where the method makes none
   */
  record Admit(
      byte[] eap, Optional<byte[]> sendKey, Optional<byte[]> receiveKey, TunnelAddress address)
      implements EapStep {}

  /** It is sent away. */
  record Refuse(byte[] eap) implements EapStep {}
}
