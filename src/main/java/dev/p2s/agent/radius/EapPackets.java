package dev.p2s.agent.radius;

import java.util.Optional;
import org.aaa4j.radius.core.attribute.ConcatData;
import org.aaa4j.radius.core.attribute.attributes.EapMessage;
import org.aaa4j.radius.core.packet.Packet;

/** EAP packets in RADIUS packets, which are cut into attributes there (RFC 3579, section 3.1). */
final class EapPackets {

  private EapPackets() {}

  /** The EAP packet in a RADIUS packet; empty where there is none. */
  static Optional<byte[]> of(Packet packet) {
    return packet.getAttribute(EapMessage.class).map(message -> message.getData().getData());
  }

  static EapMessage attribute(byte[] eap) {
    return new EapMessage(new ConcatData(eap));
  }
}
