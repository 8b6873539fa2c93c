package dev.p2s.agent.radius;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.aaa4j.radius.core.attribute.TextData;
import org.aaa4j.radius.core.attribute.attributes.NasIdentifier;
import org.junit.jupiter.api.Test;

/** A login is one request, however long a person needs, and the way back stays open meanwhile. */
class UdpExchangeTest {

  @Test
  void givenAServerThatIsSilentForLong_whenAsked_thenSignsOfLifeFollowTheOneRequestFromItsPort()
      throws Exception {
    RadiusPackets packets = new RadiusPackets(new SecureRandom());
    RadiusPackets.Sent login = signed(packets, RadiusPackets.ACCESS_REQUEST);
    try (DatagramSocket server = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      server.setSoTimeout(10_000);
      CompletableFuture<UdpExchange.Outcome> outcome =
          CompletableFuture.supplyAsync(
              () ->
                  new UdpExchange(packets)
                      .askPatiently(
                          (InetSocketAddress) server.getLocalSocketAddress(),
                          TestRadiusServer.SECRET,
                          login,
                          Duration.ofSeconds(2),
                          Duration.ofMillis(200),
                          () -> signed(packets, RadiusPackets.STATUS_SERVER).bytes()));
      List<Integer> codes = new ArrayList<>();
      List<Integer> ports = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        DatagramPacket received = new DatagramPacket(new byte[4096], 4096);
        server.receive(received);
        codes.add((int) received.getData()[0]);
        ports.add(received.getPort());
      }

      assertThat(codes)
          .containsExactly(
              RadiusPackets.ACCESS_REQUEST,
              RadiusPackets.STATUS_SERVER,
              RadiusPackets.STATUS_SERVER,
              RadiusPackets.STATUS_SERVER);
      assertThat(ports).containsOnly(ports.getFirst());
      assertThat(outcome.get(10, TimeUnit.SECONDS)).isEqualTo(new UdpExchange.Outcome.Unanswered());
    }
  }

  private static RadiusPackets.Sent signed(RadiusPackets packets, int code) {
    return packets.sign(
        code, List.of(new NasIdentifier(new TextData("gw"))), TestRadiusServer.SECRET);
  }
}
