package dev.p2s.dataplane.nftables;

import dev.p2s.addressing.Cidr;
import dev.p2s.addressing.CidrSet;
import dev.p2s.dataplane.kernel.TunnelAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** IPv4 and IPv6 in packet rules: the same rules over sets of their own, by one naming. */
enum AddressFamily {
  IPV4("ip", "ipv4_addr", "", 40),
  IPV6("ip6", "ipv6_addr", "6", 60);

  private final String header;
  private final String type;
  private final String suffix;
  private final int headers;

  AddressFamily(String header, String type, String suffix, int headers) {
    this.header = header;
    this.type = type;
    this.suffix = suffix;
    this.headers = headers;
  }

  static AddressFamily of(TunnelAddress address) {
    return address.isIpv4() ? IPV4 : IPV6;
  }

  /** What a packet's header is called in a rule. */
  String header() {
    return header;
  }

  /** Bytes of the IP and TCP headers, which a segment's size leaves out. */
  int headers() {
    return headers;
  }

  /** The map from device and source to a grant's mark. */
  String sessions() {
    return "sessions" + suffix;
  }

  /** The set of devices, sources and marks that may pass. */
  String granted() {
    return "granted" + suffix;
  }

  /** The set of what sessions may reach. */
  String routes() {
    return "routes" + suffix;
  }

  /** The map from a client's address to its policy group. */
  String groups() {
    return "groups" + suffix;
  }

  /** The set of what groups reach by every port. */
  String reach() {
    return "reach" + suffix;
  }

  /** The set of what groups reach by single ports. */
  String reachPorts() {
    return "reach_ports" + suffix;
  }

  /** The chain that packets from clients of groups pass. */
  String mayReach() {
    return "may_reach" + suffix;
  }

  /** The chain that packets to clients of groups pass. */
  String mayAnswer() {
    return "may_answer" + suffix;
  }

  /** What an address is in a set. */
  String type() {
    return type;
  }

  boolean has(Cidr range) {
    return range.isIpv4() == (this == IPV4);
  }

  /** The set that counts, by client, the packets that pass from it. */
  String packetsIn() {
    return "packets_in" + suffix;
  }

  /** The set that counts, by client, the packets that pass to it. */
  String packetsOut() {
    return "packets_out" + suffix;
  }

  /** The chain that packets from one client to another pass. */
  String betweenClients() {
    return "between_clients" + suffix;
  }

  String fromClient() {
    return "from_client" + suffix;
  }

  String toClient() {
    return "to_client" + suffix;
  }

  /** Lines that make the sets, and the routes anew; grants stay. */
  List<String> sets(List<Cidr> reached) {
    List<String> lines = new ArrayList<>();
    String add = "add set " + GatewayRuleset.TABLE + " ";
    lines.add(
        "add map %s %s { type ifname . %s : mark; }"
            .formatted(GatewayRuleset.TABLE, sessions(), type));
    lines.add(add + granted() + " { type ifname . " + type + " . mark; }");
    lines.add(add + packetsIn() + " { type " + type + "; counter; }");
    lines.add(add + packetsOut() + " { type " + type + "; counter; }");
    lines.add(add + routes() + " { type " + type + "; flags interval; }");
    lines.add("flush set " + GatewayRuleset.TABLE + " " + routes());
    String ranges =
        CidrSet.merged(reached.stream().filter(this::has).toList()).stream()
            .map(Cidr::toString)
            .collect(Collectors.joining(", "));
    if (!ranges.isEmpty()) {
      lines.add("add element " + GatewayRuleset.TABLE + " " + routes() + " { " + ranges + " }");
    }
    return lines;
  }
}
