package dev.p2s.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.agent.kernel.KernelGate;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.Holding;
import dev.p2s.dataplane.Share;
import dev.p2s.dataplane.States;
import dev.p2s.dataplane.kernel.NetdCommand;
import dev.p2s.dataplane.kernel.NetdCommand.Shape;
import dev.p2s.dataplane.kernel.NetdReply;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ShapingTest {

  private final List<NetdCommand> asked = new ArrayList<>();
  private NetdReply reply = NetdReply.success();
  private final KernelGate gate =
      command -> {
        asked.add(command);
        return reply;
      };
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Shaping shaping = new Shaping(0, gate, new AgentMeters(registry));

  @Property
  void givenSharesWithinTheLimit_whenDivided_thenAllPartsTogetherAreTheFigureAtMost(
      @ForAll @Size(min = 1, max = 20) List<@IntRange(min = 0, max = 500) Integer> connections,
      @ForAll @IntRange(min = 1, max = 10_000) int mbps) {
    int limit = connections.stream().mapToInt(Integer::intValue).sum();
    GatewayState state =
        States.gateway()
            .limit(Math.max(1, limit))
            .shapedMbps(mbps)
            .shares(
                IntStream.range(0, connections.size())
                    .mapToObj(
                        i -> new Share(i, new Holding(connections.get(i), List.of()), Holding.NONE))
                    .toArray(Share[]::new))
            .build();
    long together =
        IntStream.range(0, connections.size())
            .mapToLong(i -> Shaping.part(state, i).bitsPerSecond())
            .sum();
    // a pod that may have nobody is given a bit, since 0 would be no limit
    assertThat(together).isLessThanOrEqualTo(mbps * 1_000_000L + connections.size());
  }

  @Test
  void givenOnePod_whenFollowed_thenItHasTheWholeFigureAndTheMeterSaysSo() {
    shaping.follow(States.gateway().shapedMbps(650).build(), 1);
    assertThat(asked)
        .containsExactly(new Shape(650_000_000, States.gateway().build().clientAddressPools()));
    assertThat(registry.get("p2s.shaped.bits.per.second").gauge().value()).isEqualTo(650e6);
  }

  @Test
  void givenNothingNew_whenFollowedAgain_thenTheKernelIsNotAsked() {
    GatewayState state = States.gateway().shapedMbps(650).build();
    shaping.follow(state, 1);
    shaping.follow(state, 1);
    assertThat(asked).hasSize(1);

    shaping.follow(state, 2);
    assertThat(asked).hasSize(2);
  }

  @Test
  void givenNoShapingEver_whenFollowed_thenTheKernelIsNotAsked() {
    shaping.follow(States.gateway().build(), 1);
    assertThat(asked).isEmpty();
  }

  @Test
  void givenAKernelThatCannot_whenFollowed_thenSaysSoAndTriesAgain() {
    reply = NetdReply.failure("tc failed (2): unknown qdisc");
    GatewayState state = States.gateway().shapedMbps(650).build();
    shaping.follow(state, 1);
    assertThat(shaping.problem())
        .isEqualTo("throughput cannot be held to the SKU's figure: tc failed (2): unknown qdisc");

    reply = NetdReply.success();
    shaping.follow(state, 1);
    assertThat(shaping.problem()).isEmpty();
  }
}
