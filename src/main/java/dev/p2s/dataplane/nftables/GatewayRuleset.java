package dev.p2s.dataplane.nftables;

import dev.p2s.dataplane.ikev2.Ikev2Server;
import dev.p2s.dataplane.kernel.NetdCommand.Configure;
import dev.p2s.dataplane.kernel.ProcessSlot;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The pod's packet rules as one nftables transaction, which can be loaded again at any time: it
 * replaces rules and routes and leaves the grants alone, so a restart or a change of routes ends no
 * session.
 *
 * <p>The default is drop. A packet from a tunnel passes if its device and source are granted and
 * its destination is an advertised route, and one that the person's group may reach. Each grant has
 * a mark of its own, which its packets put on their connection; a packet towards a client passes
 * only with the mark of the client's present grant. So an established connection stops the moment
 * that the grant goes, and never reaches the next holder of the address.
 */
public final class GatewayRuleset {

  /** The table that holds everything; no other table is touched. */
  public static final String TABLE = "inet p2s";

  /** The maps that hold grants. */
  public static final List<GrantMaps> GRANT_MAPS =
      Stream.of(AddressFamily.values())
          .map(family -> new GrantMaps(family.sessions(), family.groups()))
          .toList();

  /** The sets that count what passes under grants. */
  public static final List<PacketSets> PACKET_SETS =
      Stream.of(AddressFamily.values())
          .map(family -> new PacketSets(family.packetsIn(), family.packetsOut()))
          .toList();

  private static final List<String> TUNNELS =
      List.of("\"" + ProcessSlot.TUNNEL_PREFIX + "*\"", "\"" + ProcessSlot.IKEV2.tunnel() + "\"");
  private static final String PORTS =
      ProcessSlot.FIRST_PORT + "-" + (ProcessSlot.FIRST_PORT + ProcessSlot.COUNT - 1);

  private GatewayRuleset() {}

  /** The transaction for {@code nft -f -}. */
  public static String render(Configure wanted) {
    List<String> lines = new ArrayList<>();
    lines.add("add table " + TABLE);
    boolean ipv6 = wanted.gatewayAddresses().stream().anyMatch(address -> !address.isIpv4());
    List<AddressFamily> families =
        ipv6 ? List.of(AddressFamily.IPV4, AddressFamily.IPV6) : List.of(AddressFamily.IPV4);
    for (AddressFamily family : AddressFamily.values()) {
      lines.addAll(family.sets(wanted.routes()));
      lines.addAll(GroupRules.sets(family, wanted.groups()));
    }
    boolean grouped = !wanted.groups().isEmpty();
    for (AddressFamily family : families) {
      if (grouped) {
        chain(lines, family.mayReach(), "", GroupRules.mayReach(family));
        chain(lines, family.mayAnswer(), "", GroupRules.mayAnswer(family));
      }
      List<String> there = clamps("iifname", family, wanted);
      List<String> back = clamps("oifname", family, wanted);
      String onwards = "counter drop";
      if (wanted.clientToClient()) {
        chain(lines, family.betweenClients(), "", betweenClients(family, there, grouped));
        onwards = "jump " + family.betweenClients();
      }
      chain(lines, family.fromClient(), "", fromClient(family, there, grouped, onwards));
      chain(lines, family.toClient(), "", toClient(family, back, grouped));
    }
    chain(
        lines,
        "forward",
        "{ type filter hook forward priority filter; policy drop; }",
        forward(families));
    chain(
        lines,
        "input",
        "{ type filter hook input priority filter; policy accept; }",
        joined(
            each("iifname", "counter drop"),
            // Only steering leads to a process: a drained server gets nothing new.
            List.of(
                "iifname != \"lo\" tcp dport " + PORTS + " ct state new ct status ! dnat drop")));
    chain(
        lines,
        "prerouting",
        "{ type nat hook prerouting priority dstnat; policy accept; }",
        steering(wanted.steering()));
    chain(
        lines,
        "postrouting",
        "{ type nat hook postrouting priority srcnat; policy accept; }",
        wanted.snat() ? masquerade(wanted.clientToClient()) : List.of());
    return String.join("\n", lines) + "\n";
  }

  private static List<String> forward(List<AddressFamily> families) {
    return joined(
        families.contains(AddressFamily.IPV6)
            ? joined(
                each("iifname", "meta nfproto ipv6 jump " + AddressFamily.IPV6.fromClient()),
                each("oifname", "meta nfproto ipv6 jump " + AddressFamily.IPV6.toClient()))
            : List.of(),
        List.of("meta nfproto != ipv4 drop"),
        each("iifname", "jump " + AddressFamily.IPV4.fromClient()),
        each("oifname", "jump " + AddressFamily.IPV4.toClient()));
  }

  private static List<String> fromClient(
      AddressFamily family, List<String> clamps, boolean grouped, String onwards) {
    String ip = family.header();
    return joined(
        List.of(
            "ct mark set iifname . " + ip + " saddr map @" + family.sessions(),
            "iifname . " + ip + " saddr . ct mark != @" + family.granted() + " counter drop"),
        each("oifname", onwards),
        List.of(ip + " daddr != @" + family.routes() + " counter drop", "ct state invalid drop"),
        grouped ? List.of("jump " + family.mayReach()) : List.of(),
        clamps,
        List.of(ip + " saddr @" + family.packetsIn(), "accept"));
  }

  /**
   * From one client to another, each at a device of its own. The other has to be granted just now;
   * answers pass whatever the groups say, as long as both are.
   */
  private static List<String> betweenClients(
      AddressFamily family, List<String> clamps, boolean grouped) {
    String ip = family.header();
    return joined(
        List.of(
            "meta mark set 0x0",
            "meta mark set oifname . " + ip + " daddr map @" + family.sessions(),
            "meta mark 0x0 counter drop",
            "ct state invalid drop"),
        grouped ? List.of("ct direction original jump " + family.mayReach()) : List.of(),
        clamps,
        List.of(
            ip + " saddr @" + family.packetsIn(), ip + " daddr @" + family.packetsOut(), "accept"));
  }

  /** Clients see one another by their own addresses. */
  private static List<String> masquerade(boolean clientToClient) {
    return joined(
        clientToClient
            ? TUNNELS.stream()
                .flatMap(from -> each("iifname " + from + " oifname", "accept").stream())
                .toList()
            : List.of(),
        each("iifname", "masquerade"));
  }

  private static List<String> toClient(AddressFamily family, List<String> clamps, boolean grouped) {
    String ip = family.header();
    return joined(
        List.of(
            "oifname . " + ip + " daddr . ct mark != @" + family.granted() + " counter drop",
            // ICMP errors come from routers on the way, which no route needs to name.
            "ct state related accept",
            ip + " saddr != @" + family.routes() + " counter drop"),
        grouped ? List.of("jump " + family.mayAnswer()) : List.of(),
        clamps,
        List.of("ct state != established drop", ip + " daddr @" + family.packetsOut(), "accept"));
  }

  /** A rule for each kind of tunnel device. */
  private static List<String> each(String direction, String verdict) {
    return TUNNELS.stream().map(device -> direction + " " + device + " " + verdict).toList();
  }

  @SafeVarargs
  private static List<String> joined(List<String>... rules) {
    return Stream.of(rules).flatMap(List::stream).toList();
  }

  private static List<String> clamps(String direction, AddressFamily family, Configure wanted) {
    List<String> clamps = new ArrayList<>();
    clamps.add(clamp(family, wanted.tunnelMtu()));
    if (wanted.ikev2() != null && Ikev2Server.TUNNEL_MTU < wanted.tunnelMtu()) {
      clamps.add(
          direction
              + " \""
              + ProcessSlot.IKEV2.tunnel()
              + "\" "
              + clamp(family, Ikev2Server.TUNNEL_MTU));
    }
    return clamps;
  }

  /** The kernel only ever lowers the option. */
  private static String clamp(AddressFamily family, int mtu) {
    return "tcp flags syn / syn,rst tcp option maxseg size set " + (mtu - family.headers());
  }

  private static List<String> steering(List<ProcessSlot> slots) {
    if (slots.isEmpty()) {
      return List.of();
    }
    String map =
        IntStream.range(0, slots.size())
            .mapToObj(i -> i + " : " + slots.get(i).port())
            .collect(Collectors.joining(", "));
    return List.of(
        TUNNELS.stream().map(device -> "iifname != " + device).collect(Collectors.joining(" "))
            + " tcp dport 443 redirect to :numgen inc mod "
            + slots.size()
            + " map { "
            + map
            + " }");
  }

  private static void chain(List<String> lines, String name, String hook, List<String> rules) {
    lines.add("add chain " + TABLE + " " + name + (hook.isEmpty() ? "" : " " + hook));
    lines.add("flush chain " + TABLE + " " + name);
    rules.forEach(rule -> lines.add("add rule " + TABLE + " " + name + " " + rule));
  }
}
