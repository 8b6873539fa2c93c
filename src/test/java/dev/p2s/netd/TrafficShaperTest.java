package dev.p2s.netd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.addressing.Cidr;
import dev.p2s.dataplane.kernel.NetdCommand.Shape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrafficShaperTest {

  private static final List<Cidr> POOLS = List.of(Cidr.parse("10.8.0.0/24"));

  private final RecordedPrograms programs = new RecordedPrograms();
  private final TrafficShaper shaper = new TrafficShaper(programs);

  @Test
  void givenTunnels_whenShaped_thenAllOfThemGoThroughOneDevice() throws IOException {
    programs.links = "[{\"ifname\":\"eth0\"},{\"ifname\":\"ipsec0\"},{\"ifname\":\"p2s0\"}]";

    shaper.shape(new Shape(40_000_000, POOLS));

    assertThat(programs.inputs.getFirst())
        .isEqualTo("link add aggregate0 type ifb\nlink set dev aggregate0 txqueuelen 1000 up\n");
    assertThat(programs.inputs.get(2).lines())
        .contains(
            "class replace dev aggregate0 parent 1: classid 1:ffff htb rate 40000000bit ceil"
                + " 40000000bit quantum 70000",
            "class replace dev aggregate0 parent 1:ffff classid 1:100 htb rate 156250bit ceil"
                + " 40000000bit quantum 70000",
            "qdisc replace dev aggregate0 parent 1:100 bfifo limit 500000",
            "filter add dev aggregate0 parent 1: prio 1 protocol ip u32 ht 3:ff: match u32 0 0"
                + " flowid 1:100",
            "filter add dev aggregate0 parent 1: prio 1 protocol ip u32 ht 800:: match ip src"
                + " 10.8.0.0/24 hashkey mask 0x000000ff at 12 link 2:");
    assertThat(programs.inputs.subList(3, programs.inputs.size()))
        .extracting(attached -> attached.lines().findFirst().orElseThrow())
        .containsExactly("qdisc add dev ipsec0 clsact", "qdisc add dev p2s0 clsact");
  }

  @Test
  void givenAShape_whenOnlyItsRateChanges_thenNothingIsTornDown() throws IOException {
    programs.links = "[{\"ifname\":\"p2s0\"}]";
    shaper.shape(new Shape(40_000_000, POOLS));
    programs.links = "[{\"ifname\":\"aggregate0\"},{\"ifname\":\"p2s0\"}]";
    programs.qdiscs = "[{\"kind\":\"clsact\",\"dev\":\"p2s0\"}]";
    programs.inputs.clear();

    shaper.shape(new Shape(20_000_000, POOLS));

    assertThat(programs.inputs).hasSize(1);
    assertThat(programs.inputs.getFirst()).doesNotContain("filter", "del", "qdisc add");
  }

  @Test
  void givenAShape_whenATunnelComes_thenItGoesThroughTheDeviceToo() throws IOException {
    programs.links = "[{\"ifname\":\"p2s0\"}]";
    shaper.shape(new Shape(40_000_000, POOLS));
    programs.links = "[{\"ifname\":\"aggregate0\"},{\"ifname\":\"p2s0\"},{\"ifname\":\"p2s1\"}]";
    programs.qdiscs = "[{\"kind\":\"clsact\",\"dev\":\"p2s0\"}]";

    shaper.shape(new Shape(40_000_000, POOLS));

    assertThat(programs.inputs.getLast()).startsWith("qdisc add dev p2s1 clsact\n");
  }

  @Test
  void givenAShape_whenThereShallBeNone_thenTheTunnelsAreLetGoBeforeTheDevice() throws IOException {
    programs.links = "[{\"ifname\":\"aggregate0\"},{\"ifname\":\"p2s0\"}]";
    programs.qdiscs = "[{\"kind\":\"clsact\",\"dev\":\"p2s0\"}]";

    shaper.shape(new Shape(0, List.of()));

    assertThat(programs.inputs)
        .containsExactly("qdisc del dev p2s0 clsact\n", "link del dev aggregate0\n");
  }

  private static final class RecordedPrograms implements ProgramRunner {
    String links = "[]";
    String qdiscs = "[]";
    final List<String> inputs = new ArrayList<>();

    @Override
    public String run(List<String> argv, String input) {
      if (argv.contains("link")) {
        return links;
      }
      if (argv.contains("qdisc")) {
        return qdiscs;
      }
      inputs.add(input);
      return "";
    }
  }
}
