package dev.p2s.agent.radius;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.aaa4j.radius.core.attribute.attributes.AcctStatusType;
import org.aaa4j.radius.core.attribute.attributes.AcctTerminateCause;
import org.aaa4j.radius.core.packet.Packet;
import org.awaitility.Awaitility;

/** Reads what a server was told of sessions. */
final class TestAccounts {

  private TestAccounts() {}

  static List<Packet> awaitAccounts(TestRadiusServer server, int many) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(server.accounts).hasSizeGreaterThanOrEqualTo(many));
    return server.accounts;
  }

  static int status(Packet packet) {
    return packet.getAttribute(AcctStatusType.class).orElseThrow().getData().getValue();
  }

  static int cause(Packet packet) {
    return packet.getAttribute(AcctTerminateCause.class).orElseThrow().getData().getValue();
  }

  static <
          A extends
              org.aaa4j.radius.core.attribute.Attribute<org.aaa4j.radius.core.attribute.TextData>>
      String text(Packet packet, Class<A> which) {
    return packet.getAttribute(which).orElseThrow().getData().getValue();
  }

  static <
          A extends
              org.aaa4j.radius.core.attribute.Attribute<
                      org.aaa4j.radius.core.attribute.IntegerData>>
      long number(Packet packet, Class<A> which) {
    return Integer.toUnsignedLong(packet.getAttribute(which).orElseThrow().getData().getValue());
  }
}
