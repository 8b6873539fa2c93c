package dev.p2s.dataplane.nftables;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.addressing.Cidr;
import dev.p2s.api.v1alpha1.PolicyGroupSpec.Protocol;
import dev.p2s.dataplane.GoldenFile;
import dev.p2s.dataplane.PolicyGroup;
import dev.p2s.dataplane.PolicyGroup.Destination;
import dev.p2s.dataplane.PolicyGroup.Port;
import dev.p2s.dataplane.kernel.GroupReach;
import dev.p2s.dataplane.kernel.NetdCommand.Configure;
import dev.p2s.dataplane.kernel.ProcessSlot;
import dev.p2s.dataplane.kernel.TunnelAddress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** What groups may reach, in the kernel's words. */
class GroupRulesTest {

  private static final int ENGINEERS = PolicyGroup.mark("engineers");

  @Test
  void givenGroupsWhoseClientsReachOneAnother_whenRendered_thenAsReviewed() throws IOException {
    List<GroupReach> groups =
        List.of(
            new GroupReach(
                ENGINEERS,
                List.of(
                    destination("10.20.0.0/16"),
                    destination("10.21.0.0/16", new Port(Protocol.TCP, 22)),
                    destination("10.20.3.0/24", new Port(Protocol.TCP, 22)))),
            new GroupReach(PolicyGroup.mark("nothing"), List.of()));
    GoldenFile.assertMatches(
        "nftables/groups.nft",
        GatewayRuleset.render(
            new Configure(
                List.of(new ProcessSlot(0)),
                List.of(new ProcessSlot(0)),
                List.of(TunnelAddress.parse("10.8.0.1")),
                List.of(Cidr.parse("10.0.0.0/8")),
                true,
                1400,
                null,
                groups,
                true)));
  }

  @Test
  void givenNoGroups_whenRendered_thenNothingIsAskedOfThem() {
    assertThat(
            GatewayRuleset.render(
                new Configure(List.of(), List.of(), List.of(), List.of(), true, 1400, null)))
        .contains("flush set inet p2s reach\n")
        .doesNotContain("jump may_");
  }

  @Property
  void givenAnyDestinations_whenRendered_thenTheSetsHoldThemAndNoTwoElementsOverlap(
      @ForAll long seed) {
    Random random = new Random(seed);
    List<Destination> destinations =
        Stream.generate(() -> destination(random)).limit(random.nextInt(8)).toList();
    List<String> lines =
        GroupRules.sets(AddressFamily.IPV4, List.of(new GroupReach(ENGINEERS, destinations)));
    List<Element> elements = elements(lines);

    for (int i = 0; i < elements.size(); i++) {
      for (int j = i + 1; j < elements.size(); j++) {
        assertThat(elements.get(i).overlaps(elements.get(j)))
            .as("%s and %s", elements.get(i), elements.get(j))
            .isFalse();
      }
    }
    for (int i = 0; i < 200; i++) {
      Cidr to = Cidr.parse("10.20." + random.nextInt(4) + "." + random.nextInt(256));
      Port port = port(random);
      boolean allowed =
          destinations.stream()
              .filter(each -> each.range().contains(to))
              .anyMatch(each -> each.ports().isEmpty() || each.ports().contains(port));
      assertThat(elements.stream().anyMatch(element -> element.matches(to, port)))
          .as("%s to %s with %s", port, to, destinations)
          .isEqualTo(allowed);
    }
  }

  /**
   * @param port null for all of all protocols
   */
  private record Element(Cidr range, Port port) {

    boolean matches(Cidr to, Port other) {
      return range.contains(to) && (port == null || port.equals(other));
    }

    boolean overlaps(Element other) {
      return range.overlaps(other.range())
          && (port == null || other.port() == null || port.equals(other.port()));
    }
  }

  private static List<Element> elements(List<String> lines) {
    List<Element> elements = new ArrayList<>();
    for (String line : lines) {
      if (line.startsWith("add element")) {
        String inner = line.substring(line.indexOf('{') + 1, line.indexOf('}'));
        for (String element : inner.split(",")) {
          String[] parts = element.strip().split(" \\. ");
          assertThat(parts[0]).isEqualTo("0x" + Integer.toHexString(ENGINEERS));
          elements.add(
              new Element(
                  Cidr.parse(parts[1]),
                  parts.length == 2
                      ? null
                      : new Port(
                          Protocol.valueOf(parts[2].toUpperCase(java.util.Locale.ROOT)),
                          Integer.parseInt(parts[3]))));
        }
      }
    }
    return elements;
  }

  private static Destination destination(Random random) {
    int prefix = 22 + random.nextInt(11);
    int host = random.nextInt(1024) >> (32 - prefix) << (32 - prefix);
    return new Destination(
        Cidr.parse("10.20." + host / 256 + "." + host % 256 + "/" + prefix),
        Stream.generate(() -> port(random)).limit(random.nextInt(3)).toList());
  }

  private static Port port(Random random) {
    return new Port(Protocol.values()[random.nextInt(2)], 22 + random.nextInt(2));
  }

  private static Destination destination(String range, Port... ports) {
    return new Destination(Cidr.parse(range), List.of(ports));
  }
}
