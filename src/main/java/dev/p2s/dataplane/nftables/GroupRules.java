package dev.p2s.dataplane.nftables;

import dev.p2s.addressing.Cidr;
import dev.p2s.addressing.CidrSet;
import dev.p2s.api.v1alpha1.PolicyGroupSpec.Protocol;
import dev.p2s.dataplane.PolicyGroup;
import dev.p2s.dataplane.PolicyGroup.Destination;
import dev.p2s.dataplane.kernel.GroupReach;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What policy groups may reach: a map from a client's address to its group, which grants fill, and
 * two sets of what each group reaches, which are replaced as a whole with the rules. So a change of
 * a group's reach acts on its sessions at once and touches no other.
 *
 * <p>What matches returns and the rest is dropped: a packet that lacks what is compared (a
 * transport header) is no match, and never passes for that.
 */
final class GroupRules {

  private GroupRules() {}

  /** Lines that make the sets and fill them anew; those of grants are left as they are. */
  static List<String> sets(AddressFamily family, List<GroupReach> groups) {
    String table = GatewayRuleset.TABLE;
    String reach = family.reach();
    String ports = family.reachPorts();
    List<String> lines = new ArrayList<>();
    lines.add("add map %s %s { type %s : mark; }".formatted(table, family.groups(), family.type()));
    lines.add(
        "add set %s %s { type mark . %s; flags interval; }".formatted(table, reach, family.type()));
    lines.add(
        "add set %s %s { type mark . %s . inet_proto . inet_service; flags interval; }"
            .formatted(table, ports, family.type()));
    lines.add("flush set " + table + " " + reach);
    lines.add("flush set " + table + " " + ports);
    elements(lines, reach, groups.stream().flatMap(each -> ranges(family, each)).toList());
    elements(lines, ports, groups.stream().flatMap(each -> ports(family, each)).toList());
    return lines;
  }

  /** The rules that packets from clients pass. */
  static List<String> mayReach(AddressFamily family) {
    return rules(family, "saddr", "daddr", "dport");
  }

  /** The rules that packets to clients pass. */
  static List<String> mayAnswer(AddressFamily family) {
    return rules(family, "daddr", "saddr", "sport");
  }

  private static List<String> rules(
      AddressFamily family, String client, String other, String port) {
    String ip = family.header();
    return List.of(
        "meta mark set 0x0",
        "meta mark set " + ip + " " + client + " map @" + family.groups(),
        "meta mark . " + ip + " " + other + " @" + family.reach() + " return",
        "meta mark . %s %s . meta l4proto . th %s @%s return"
            .formatted(ip, other, port, family.reachPorts()),
        "counter drop");
  }

  private static void elements(List<String> lines, String set, List<String> elements) {
    if (!elements.isEmpty()) {
      lines.add(
          "add element "
              + GatewayRuleset.TABLE
              + " "
              + set
              + " { "
              + String.join(", ", elements)
              + " }");
    }
  }

  private static Stream<String> ranges(AddressFamily family, GroupReach reach) {
    return whole(family, reach).stream().map(range -> mark(reach) + " . " + range);
  }

  /** Without what is reached by every port: the kernel takes no elements that overlap. */
  private static Stream<String> ports(AddressFamily family, GroupReach reach) {
    List<Cidr> whole = whole(family, reach);
    return reach.destinations().stream()
        .flatMap(destination -> destination.ports().stream())
        .distinct()
        .sorted(GroupRules::compare)
        .flatMap(
            port ->
                CidrSet.without(
                        of(family, reach, destination -> destination.ports().contains(port)), whole)
                    .stream()
                    .map(
                        range ->
                            mark(reach)
                                + " . "
                                + range
                                + " . "
                                + protocol(port.protocol())
                                + " . "
                                + port.port()));
  }

  private static List<Cidr> whole(AddressFamily family, GroupReach reach) {
    return CidrSet.merged(of(family, reach, destination -> destination.ports().isEmpty()));
  }

  private static List<Cidr> of(
      AddressFamily family, GroupReach reach, Predicate<Destination> which) {
    return reach.destinations().stream()
        .filter(which)
        .map(Destination::range)
        .filter(family::has)
        .collect(Collectors.toList());
  }

  private static int compare(PolicyGroup.Port one, PolicyGroup.Port other) {
    int byProtocol = one.protocol().compareTo(other.protocol());
    return byProtocol == 0 ? Integer.compare(one.port(), other.port()) : byProtocol;
  }

  private static String protocol(Protocol protocol) {
    return protocol.name().toLowerCase(Locale.ROOT);
  }

  private static String mark(GroupReach reach) {
    return "0x" + Integer.toHexString(reach.group());
  }
}
