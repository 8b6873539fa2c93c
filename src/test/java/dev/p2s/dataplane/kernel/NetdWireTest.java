package dev.p2s.dataplane.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.p2s.addressing.Cidr;
import dev.p2s.dataplane.JsonLines;
import dev.p2s.dataplane.ikev2.EspPlace;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class NetdWireTest {

  private final NetdWire wire = new NetdWire();

  @Test
  void givenEveryCommand_whenWrittenAndRead_thenTheSame() throws IOException {
    Grant grant = new Grant(TunnelAddress.parse("10.8.0.5"), new ProcessSlot(7));
    for (NetdCommand command :
        List.of(
            new NetdCommand.Configure(
                List.of(new ProcessSlot(0)),
                List.of(new ProcessSlot(0)),
                List.of(TunnelAddress.parse("10.8.0.1")),
                List.of(Cidr.parse("10.96.0.0/12")),
                true,
                1500,
                EspPlace.USERSPACE),
            new NetdCommand.Permit(List.of(grant)),
            new NetdCommand.Forbid(List.of(grant.address())),
            new NetdCommand.Shape(650_000_000L, List.of(Cidr.parse("10.8.0.0/24"))),
            new NetdCommand.ListGrants(),
            new NetdCommand.Ping())) {
      String line = JsonLines.next(new ByteArrayInputStream(wire.write(command))).orElseThrow();

      assertThat(wire.readCommand(line)).isEqualTo(command);
    }
    NetdReply reply = NetdReply.of(List.of(grant));
    assertThat(wire.readReply(new String(wire.write(reply), StandardCharsets.UTF_8)))
        .isEqualTo(reply);
  }

  @Test
  void givenWhatIsNoCommand_whenRead_thenRefused() {
    for (String line :
        List.of(
            "",
            "null",
            "[]",
            "{\"command\":\"exec\"}",
            "{\"command\":\"permit\",\"grants\":[{\"address\":\"localhost\",\"slot\":1}]}",
            "{\"command\":\"permit\",\"grants\":[{\"address\":\"10.8.0.5\",\"slot\":128}]}",
            "{\"command\":\"permit\",\"grants\":[{\"address\":\"10.8.0.5\",\"slot\":\"p2s0;\"}]}",
            "{\"command\":\"shape\",\"bitsPerSecond\":-1,\"pools\":[]}",
            "{\"command\":\"shape\",\"bitsPerSecond\":1,\"pools\":[\"10.8.0.0/24; qdisc\"]}",
            "{\"command\":\"forbid\",\"addresses\":[\"10.8.0.5 }; flush ruleset\"]}",
            "{\"command\":\"configure\",\"slots\":[0],\"steering\":[1],\"gatewayAddresses\":[],"
                + "\"routes\":[],\"snat\":true,\"tunnelMtu\":1500}")) {
      assertThatThrownBy(() -> wire.readCommand(line))
          .as(line)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Property
  void givenAnyLine_whenRead_thenACommandOrARefusal(@ForAll String line) {
    try {
      assertThat(wire.readCommand(line)).isNotNull();
    } catch (IllegalArgumentException refused) {
      assertThat(refused).hasMessageContaining("is no");
    }
  }

  @Test
  void givenALineWithoutEnd_whenRead_thenBounded() {
    byte[] endless = new byte[JsonLines.MAX_LINE + 1];
    assertThatThrownBy(() -> JsonLines.next(new ByteArrayInputStream(endless)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("longer than");
  }
}
