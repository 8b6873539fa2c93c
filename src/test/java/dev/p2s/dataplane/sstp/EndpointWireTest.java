package dev.p2s.dataplane.sstp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.p2s.dataplane.kernel.ProcessSlot;
import dev.p2s.dataplane.kernel.TunnelAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class EndpointWireTest {

  private static final TunnelAddress CLIENT = TunnelAddress.parse("172.16.0.2");

  private final EndpointWire wire = new EndpointWire();

  @Test
  void givenAnyCommand_whenItTravels_thenItArrivesAsItWas() {
    for (EndpointCommand command :
        List.of(
            new EndpointCommand.Serve(
                new ProcessSlot(5),
                1370,
                List.of(new EndpointCommand.Identity("pem", "key")),
                List.of("TLSv1.3"),
                List.of("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"),
                List.of(EndpointCommand.Method.CERTIFICATE),
                List.of("root"),
                "gw"),
            new EndpointCommand.Welcome(
                7, CLIENT, CLIENT, List.of(CLIENT), "S=1", new byte[] {1, 2}),
            new EndpointCommand.Refuse(7, true, "No.\n"),
            new EndpointCommand.HangUp(7))) {
      byte[] line = wire.write(command);
      assertThat(new String(line, java.nio.charset.StandardCharsets.UTF_8).indexOf('\n'))
          .isEqualTo(line.length - 1);
      assertThat(wire.readCommand(new String(line, java.nio.charset.StandardCharsets.UTF_8)))
          .usingRecursiveComparison()
          .isEqualTo(command);
    }
  }

  @Test
  void givenAnyEvent_whenItTravels_thenItArrivesAsItWas() {
    for (EndpointEvent event :
        List.of(
            new EndpointEvent.Attached("id", List.of(new EndpointEvent.Call(1, CLIENT, true))),
            new EndpointEvent.Serving("no device"),
            new EndpointEvent.Arrived(1, "192.0.2.1:5", new EndpointEvent.Password("a", "b")),
            new EndpointEvent.Arrived(
                1,
                "192.0.2.1:5",
                new EndpointEvent.MsChapV2("a", new byte[16], new byte[16], new byte[24])),
            new EndpointEvent.Arrived(
                1, "192.0.2.1:5", new EndpointEvent.Certificate("a", List.of(new byte[9]))),
            new EndpointEvent.Connected(1),
            new EndpointEvent.Carried(1, 2, 3),
            new EndpointEvent.Left(1, "gone", 2, 3))) {
      String line = new String(wire.write(event), java.nio.charset.StandardCharsets.UTF_8);
      assertThat(wire.readEvent(line)).usingRecursiveComparison().isEqualTo(event);
    }
  }

  @Test
  void givenALineThatIsNoMessage_whenItIsRead_thenNothingOfItIsRepeated() {
    for (String line : List.of("", "null", "{\"event\":\"secret\"}", "[\"secret\"]", "secret")) {
      assertThatThrownBy(() -> wire.readEvent(line))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageNotContaining("secret");
      assertThatThrownBy(() -> wire.readCommand(line))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageNotContaining("secret");
    }
  }

  @Test
  void givenSecrets_whenTheyArePrinted_thenTheyAreNot() {
    assertThat(new EndpointEvent.Arrived(1, "x", new EndpointEvent.Password("a", "hush")))
        .asString()
        .doesNotContain("hush");
    assertThat(new EndpointCommand.Identity("pem", "hush")).asString().doesNotContain("hush");
  }
}
