package dev.p2s.dataplane.nftables;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.addressing.Cidr;
import dev.p2s.api.v1alpha1.PolicyGroupSpec.Protocol;
import dev.p2s.dataplane.GoldenFile;
import dev.p2s.dataplane.PolicyGroup.Destination;
import dev.p2s.dataplane.PolicyGroup.Port;
import dev.p2s.dataplane.ikev2.EspPlace;
import dev.p2s.dataplane.kernel.Grant;
import dev.p2s.dataplane.kernel.GroupReach;
import dev.p2s.dataplane.kernel.NetdCommand.Configure;
import dev.p2s.dataplane.kernel.ProcessSlot;
import dev.p2s.dataplane.kernel.TunnelAddress;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class GatewayRulesetTest {

  private static final ProcessSlot FIRST = new ProcessSlot(0);
  private static final ProcessSlot SECOND = new ProcessSlot(1);

  @Test
  void givenTwoProcessesAndSnat_whenRendered_thenAsReviewed() throws IOException {
    GoldenFile.assertMatches(
        "nftables/two-processes-snat.nft",
        GatewayRuleset.render(
            configure(
                List.of(FIRST, SECOND),
                List.of("10.96.0.0/12", "10.244.0.0/16", "10.244.1.0/24"),
                true)));
  }

  @Test
  void givenAnIpv6Pool_whenRendered_thenIpv6HasTheSameRulesOverItsOwnSets() throws IOException {
    Configure ipv4 = configure(List.of(FIRST), List.of("10.96.0.0/12", "fd00:96::/108"), true);

    GoldenFile.assertMatches(
        "nftables/dual-stack.nft",
        GatewayRuleset.render(
            new Configure(
                ipv4.slots(),
                ipv4.steering(),
                List.of(TunnelAddress.parse("10.8.0.1"), TunnelAddress.parse("fd00:1::1")),
                ipv4.routes(),
                true,
                1400,
                EspPlace.KERNEL,
                List.of(
                    new GroupReach(
                        7,
                        List.of(
                            new Destination(Cidr.parse("10.96.0.0/16"), List.of()),
                            new Destination(
                                Cidr.parse("fd00:96::/112"),
                                List.of(new Port(Protocol.TCP, 22)))))),
                true)));
  }

  @Test
  void givenNoProcessAndNoRoute_whenRendered_thenNothingIsSteeredOrMasqueraded()
      throws IOException {
    GoldenFile.assertMatches(
        "nftables/idle-routed.nft", GatewayRuleset.render(configure(List.of(), List.of(), false)));
  }

  @Test
  void givenAnyState_whenRendered_thenGrantsAreNeverFlushed() {
    String rules = GatewayRuleset.render(configure(List.of(FIRST), List.of("10.0.0.0/8"), true));

    assertThat(rules)
        .doesNotContain("flush set inet p2s granted")
        .doesNotContain("flush map")
        .doesNotContain("flush table")
        .doesNotContain("delete");
  }

  @Test
  void givenAGrant_whenAddedAndDeleted_thenBothLookupsFollow() {
    var marked =
        new GrantElements.Marked(new Grant(TunnelAddress.parse("10.8.0.5"), SECOND), 0x1234);

    assertThat(GrantElements.add(List.of(marked)))
        .isEqualTo(
            """
            add element inet p2s sessions { "p2s1" . 10.8.0.5 : 0x1234 }
            add element inet p2s granted { "p2s1" . 10.8.0.5 . 0x1234 }
            """);
    assertThat(GrantElements.delete(List.of(marked)))
        .isEqualTo(
            """
            delete element inet p2s sessions { "p2s1" . 10.8.0.5 : 0x1234 }
            delete element inet p2s granted { "p2s1" . 10.8.0.5 . 0x1234 }
            """);
    assertThat(GrantElements.add(List.of())).isEmpty();
  }

  private static Configure configure(List<ProcessSlot> slots, List<String> routes, boolean snat) {
    return new Configure(
        slots,
        slots,
        List.of(TunnelAddress.parse("10.8.0.1")),
        routes.stream().map(Cidr::parse).toList(),
        snat,
        1400,
        null);
  }
}
