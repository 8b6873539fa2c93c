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

  /** The chain that packets from clients pass. */
  static final String MAY_REACH = "may_reach";

  /** The chain that packets to clients pass. */
  static final String MAY_ANSWER = "may_answer";

  private GroupRules() {}

  /** Lines that make the sets and fill them anew; those of grants are left as they are. */
  static List<String> sets(List<GroupReach> groups) {
    String table = GatewayRuleset.TABLE;
    List<String> lines = new ArrayList<>();
    lines.add("add map " + table + " groups { type ipv4_addr : mark; }");
    lines.add("add set " + table + " reach { type mark . ipv4_addr; flags interval; }");
    lines.add(
        "add set "
            + table
            + " reach_ports { type mark . ipv4_addr . inet_proto . inet_service; flags interval; }");
    lines.add("flush set " + table + " reach");
    lines.add("flush set " + table + " reach_ports");
    elements(lines, "reach", groups.stream().flatMap(GroupRules::ranges).toList());
    elements(lines, "reach_ports", groups.stream().flatMap(GroupRules::ports).toList());
    return lines;
  }

  /** The rules of {@link #MAY_REACH}. */
  static List<String> mayReach() {
    return rules("saddr", "daddr", "dport");
  }

  /** The rules of {@link #MAY_ANSWER}. */
  static List<String> mayAnswer() {
    return rules("daddr", "saddr", "sport");
  }

  private static List<String> rules(String client, String other, String port) {
    return List.of(
        "meta mark set 0x0",
        "meta mark set ip " + client + " map @groups",
        "meta mark . ip " + other + " @reach return",
        "meta mark . ip " + other + " . meta l4proto . th " + port + " @reach_ports return",
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

  private static Stream<String> ranges(GroupReach reach) {
    return whole(reach).stream().map(range -> mark(reach) + " . " + range);
  }

  /** Without what is reached by every port: the kernel takes no elements that overlap. */
  private static Stream<String> ports(GroupReach reach) {
    List<Cidr> whole = whole(reach);
    return reach.destinations().stream()
        .flatMap(destination -> destination.ports().stream())
        .distinct()
        .sorted(GroupRules::compare)
        .flatMap(
            port ->
                CidrSet.without(
                        ipv4(reach, destination -> destination.ports().contains(port)), whole)
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

  private static List<Cidr> whole(GroupReach reach) {
    return CidrSet.merged(ipv4(reach, destination -> destination.ports().isEmpty()));
  }

  private static List<Cidr> ipv4(
      GroupReach reach, java.util.function.Predicate<Destination> which) {
    return reach.destinations().stream()
        .filter(which)
        .map(Destination::range)
        .filter(Cidr::isIpv4)
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
