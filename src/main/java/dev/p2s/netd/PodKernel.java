package dev.p2s.netd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.p2s.dataplane.kernel.Grant;
import dev.p2s.dataplane.kernel.NetdCommand.Configure;
import dev.p2s.dataplane.kernel.ProcessSlot;
import dev.p2s.dataplane.kernel.TunnelAddress;
import dev.p2s.dataplane.nftables.GatewayRuleset;
import dev.p2s.dataplane.nftables.GrantElements;
import dev.p2s.dataplane.nftables.GrantElements.Marked;
import dev.p2s.dataplane.nftables.GrantMaps;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * The pod's network namespace: tun devices, packet rules, grants, routes to clients. What it knows
 * of grants it reads from the kernel when it starts, so a restart of netd changes nothing.
 */
final class PodKernel {

  /** The user that openvpn runs as; it may open tun devices that were made for it. */
  static final int OPENVPN_UID = 10001;

  private static final List<String> NFT = List.of("nft", "-f", "-");
  private static final List<String> IP = List.of("ip", "-batch", "-");
  private static final List<String> IP_FORCE = List.of("ip", "-force", "-batch", "-");

  private final ProgramRunner programs;
  private final PacketForwarding forwarding;
  private final RandomGenerator random;
  private final ObjectMapper json = new ObjectMapper();
  private final Map<TunnelAddress, Marked> grants = new LinkedHashMap<>();

  PodKernel(ProgramRunner programs, PacketForwarding forwarding, RandomGenerator random) {
    this.programs = programs;
    this.forwarding = forwarding;
    this.random = random;
  }

  /** Takes up the grants that the kernel holds; without a table there are none. */
  void readGrants() throws IOException {
    grants.clear();
    JsonNode objects = json.readTree(programs.run(List.of("nft", "-j", "list", "tables"), ""));
    for (JsonNode object : objects.path("nftables")) {
      JsonNode table = object.path("table");
      if ("inet p2s".equals(table.path("family").asText() + " " + table.path("name").asText())) {
        for (GrantMaps maps : GatewayRuleset.GRANT_MAPS) {
          readSessions(maps);
        }
      }
    }
  }

  void configure(Configure wanted) throws IOException {
    forwarding.require();
    if (wanted.gatewayAddresses().stream().anyMatch(address -> !address.isIpv4())) {
      forwarding.requireIpv6();
    }
    Set<String> links = links();
    Set<ProcessSlot> present = slots(links);
    Set<ProcessSlot> surplus = new HashSet<>(present);
    wanted.slots().forEach(surplus::remove);
    surplus.remove(ProcessSlot.IKEV2);
    StringBuilder devices = new StringBuilder();
    for (ProcessSlot slot : wanted.slots()) {
      String dev = " dev " + slot.tunnel();
      if (!present.contains(slot)) {
        // the endpoint reads it on several cores; openvpn would not attach to such a one
        String queues = slot.equals(ProcessSlot.SSTP) ? " multi_queue" : "";
        devices.append("tuntap add" + dev + " mode tun user " + OPENVPN_UID + queues + "\n");
      }
      devices.append("link set" + dev + " mtu " + wanted.tunnelMtu() + " txqueuelen 1000 up\n");
      for (TunnelAddress address : wanted.gatewayAddresses()) {
        devices.append(addressed(address, slot));
      }
    }
    devices.append(IkeDevice.commands(wanted, links));
    // Rules before devices: no packet finds a device without its rules.
    programs.run(NFT, GatewayRuleset.render(wanted));
    if (!devices.isEmpty()) {
      programs.run(IP, devices.toString());
    }
    if (!surplus.isEmpty()) {
      forbid(
          grants.values().stream()
              .map(Marked::grant)
              .filter(grant -> surplus.contains(grant.slot()))
              .map(Grant::address)
              .toList());
      StringBuilder gone = new StringBuilder();
      surplus.forEach(slot -> gone.append("link del dev " + slot.tunnel() + "\n"));
      programs.run(IP, gone.toString());
    }
  }

  void permit(Collection<Grant> wanted) throws IOException {
    Map<TunnelAddress, Marked> added = new LinkedHashMap<>();
    List<Marked> moved = new ArrayList<>();
    List<Grant> begun = new ArrayList<>();
    List<Grant> over = new ArrayList<>();
    StringBuilder routes = new StringBuilder();
    for (Grant grant : wanted) {
      Marked held = grants.get(grant.address());
      if (held != null && held.grant().equals(grant)) {
        continue;
      }
      if (held != null) {
        moved.add(held);
      }
      // who is moved to another group keeps their mark, so that what is under way goes on
      boolean sameDevice = held != null && held.grant().slot().equals(grant.slot());
      int mark = sameDevice ? held.mark() : random.nextInt(1, Integer.MAX_VALUE);
      added.put(grant.address(), new Marked(grant, mark));
      if (!sameDevice) {
        begun.add(grant);
        if (held != null) {
          over.add(held.grant());
        }
      }
      routes.append(
          "route replace " + grant.address().alone() + " dev " + grant.slot().tunnel() + "\n");
    }
    if (added.isEmpty()) {
      return;
    }
    programs.run(IP, routes.toString());
    programs.run(
        NFT,
        GrantElements.delete(moved)
            + GrantElements.forget(over)
            + GrantElements.add(added.values())
            + GrantElements.count(begun));
    grants.putAll(added);
  }

  void forbid(Collection<TunnelAddress> addresses) throws IOException {
    List<Marked> held =
        addresses.stream().distinct().map(grants::get).filter(m -> m != null).toList();
    if (held.isEmpty()) {
      return;
    }
    programs.run(
        NFT,
        GrantElements.delete(held)
            + GrantElements.forget(held.stream().map(Marked::grant).toList()));
    held.forEach(marked -> grants.remove(marked.grant().address()));
    StringBuilder routes = new StringBuilder();
    held.stream()
        .map(Marked::grant)
        .forEach(
            g ->
                routes.append(
                    "route del " + g.address().alone() + " dev " + g.slot().tunnel() + "\n"));
    dropRoutes(routes.toString());
  }

  List<Grant> grants() {
    return grants.values().stream().map(Marked::grant).toList();
  }

  /** A route that has gone with its device is no failure: without the grant nothing passes. */
  private void dropRoutes(String batch) {
    try {
      programs.run(IP_FORCE, batch);
    } catch (IOException e) {
      System.err.println("netd: a route was gone already: " + e.getMessage());
    }
  }

  /** A line that gives a tunnel device one of the gateway's addresses. */
  static String addressed(TunnelAddress address, ProcessSlot slot) {
    // there is nobody on a tunnel who could have the same
    String ready = address.isIpv4() ? "" : " nodad";
    return "address replace " + address.alone() + " dev " + slot.tunnel() + ready + "\n";
  }

  private void readSessions(GrantMaps maps) throws IOException {
    Map<TunnelAddress, Integer> groups = new HashMap<>();
    for (JsonNode element : elements(maps.groups())) {
      groups.put(TunnelAddress.parse(element.path(0).asText()), (int) element.path(1).asLong());
    }
    for (JsonNode element : elements(maps.sessions())) {
      JsonNode key = element.path(0).path("concat");
      ProcessSlot slot = ProcessSlot.ofTunnel(key.path(0).asText());
      TunnelAddress address = TunnelAddress.parse(key.path(1).asText());
      grants.put(
          address,
          new Marked(
              new Grant(address, slot, groups.getOrDefault(address, 0)), element.path(1).asInt()));
    }
  }

  private List<JsonNode> elements(String map) throws IOException {
    List<JsonNode> elements = new ArrayList<>();
    String listing = programs.run(List.of("nft", "-j", "list", "map", "inet", "p2s", map), "");
    for (JsonNode object : json.readTree(listing).path("nftables")) {
      object.path("map").path("elem").forEach(elements::add);
    }
    return elements;
  }

  private Set<String> links() throws IOException {
    Set<String> names = new HashSet<>();
    for (JsonNode link : json.readTree(programs.run(List.of("ip", "-json", "link", "show"), ""))) {
      names.add(link.path("ifname").asText());
    }
    return names;
  }

  private static Set<ProcessSlot> slots(Set<String> links) {
    return links.stream()
        .filter(name -> name.startsWith(ProcessSlot.TUNNEL_PREFIX))
        .map(ProcessSlot::ofTunnel)
        .collect(Collectors.toCollection(HashSet::new));
  }
}
