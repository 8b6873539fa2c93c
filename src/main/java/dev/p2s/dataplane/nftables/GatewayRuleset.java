package dev.p2s.dataplane.nftables;

import dev.p2s.addressing.Cidr;
import dev.p2s.addressing.CidrSet;
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

  /** Counts, by client, the packets that pass from it. */
  public static final String PACKETS_IN = "packets_in";

  /** Counts, by client, the packets that pass to it. */
  public static final String PACKETS_OUT = "packets_out";

  private static final String BETWEEN_CLIENTS = "between_clients";

  private static final List<String> TUNNELS =
      List.of("\"" + ProcessSlot.TUNNEL_PREFIX + "*\"", "\"" + ProcessSlot.IKEV2.tunnel() + "\"");
  private static final String PORTS =
      ProcessSlot.FIRST_PORT + "-" + (ProcessSlot.FIRST_PORT + ProcessSlot.COUNT - 1);

  private GatewayRuleset() {}

  /** The transaction for {@code nft -f -}. */
  public static String render(Configure wanted) {
    List<String> lines = new ArrayList<>();
    lines.add("add table " + TABLE);
    lines.add("add map " + TABLE + " sessions { type ifname . ipv4_addr : mark; }");
    lines.add("add set " + TABLE + " granted { type ifname . ipv4_addr . mark; }");
    lines.add("add set " + TABLE + " " + PACKETS_IN + " { type ipv4_addr; counter; }");
    lines.add("add set " + TABLE + " " + PACKETS_OUT + " { type ipv4_addr; counter; }");
    lines.add("add set " + TABLE + " routes { type ipv4_addr; flags interval; }");
    lines.add("flush set " + TABLE + " routes");
    String routes =
        CidrSet.merged(wanted.routes().stream().filter(Cidr::isIpv4).toList()).stream()
            .map(Cidr::toString)
            .collect(Collectors.joining(", "));
    if (!routes.isEmpty()) {
      lines.add("add element " + TABLE + " routes { " + routes + " }");
    }
    lines.addAll(GroupRules.sets(wanted.groups()));
    boolean grouped = !wanted.groups().isEmpty();
    if (grouped) {
      chain(lines, GroupRules.MAY_REACH, "", GroupRules.mayReach());
      chain(lines, GroupRules.MAY_ANSWER, "", GroupRules.mayAnswer());
    }
    List<String> clamps = clamps("iifname", wanted);
    String onwards = "counter drop";
    if (wanted.clientToClient()) {
      chain(lines, BETWEEN_CLIENTS, "", betweenClients(clamps, grouped));
      onwards = "jump " + BETWEEN_CLIENTS;
    }
    chain(lines, "from_client", "", fromClient(clamps, grouped, onwards));
    chain(lines, "to_client", "", toClient(clamps("oifname", wanted), grouped));
    chain(
        lines,
        "forward",
        "{ type filter hook forward priority filter; policy drop; }",
        joined(
            List.of("meta nfproto != ipv4 drop"),
            each("iifname", "jump from_client"),
            each("oifname", "jump to_client")));
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

  private static List<String> fromClient(List<String> clamps, boolean grouped, String onwards) {
    return joined(
        List.of(
            "ct mark set iifname . ip saddr map @sessions",
            "iifname . ip saddr . ct mark != @granted counter drop"),
        each("oifname", onwards),
        List.of("ip daddr != @routes counter drop", "ct state invalid drop"),
        grouped ? List.of("jump " + GroupRules.MAY_REACH) : List.of(),
        clamps,
        List.of("ip saddr @" + PACKETS_IN, "accept"));
  }

  /**
   * From one client to another, each at a device of its own. The other has to be granted just now;
   * answers pass whatever the groups say, as long as both are.
   */
  private static List<String> betweenClients(List<String> clamps, boolean grouped) {
    return joined(
        List.of(
            "meta mark set 0x0",
            "meta mark set oifname . ip daddr map @sessions",
            "meta mark 0x0 counter drop",
            "ct state invalid drop"),
        grouped ? List.of("ct direction original jump " + GroupRules.MAY_REACH) : List.of(),
        clamps,
        List.of("ip saddr @" + PACKETS_IN, "ip daddr @" + PACKETS_OUT, "accept"));
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

  private static List<String> toClient(List<String> clamps, boolean grouped) {
    return joined(
        List.of(
            "oifname . ip daddr . ct mark != @granted counter drop",
            // ICMP errors come from routers on the way, which no route needs to name.
            "ct state related accept",
            "ip saddr != @routes counter drop"),
        grouped ? List.of("jump " + GroupRules.MAY_ANSWER) : List.of(),
        clamps,
        List.of("ct state != established drop", "ip daddr @" + PACKETS_OUT, "accept"));
  }

  /** A rule for each kind of tunnel device. */
  private static List<String> each(String direction, String verdict) {
    return TUNNELS.stream().map(device -> direction + " " + device + " " + verdict).toList();
  }

  @SafeVarargs
  private static List<String> joined(List<String>... rules) {
    return Stream.of(rules).flatMap(List::stream).toList();
  }

  private static List<String> clamps(String direction, Configure wanted) {
    List<String> clamps = new ArrayList<>();
    clamps.add(clamp(wanted.tunnelMtu()));
    if (wanted.ikev2() != null && Ikev2Server.TUNNEL_MTU < wanted.tunnelMtu()) {
      clamps.add(
          direction + " \"" + ProcessSlot.IKEV2.tunnel() + "\" " + clamp(Ikev2Server.TUNNEL_MTU));
    }
    return clamps;
  }

  /** IPv4 and TCP headers are 20 bytes each; the kernel only ever lowers the option. */
  private static String clamp(int mtu) {
    return "tcp flags syn / syn,rst tcp option maxseg size set " + (mtu - 40);
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
