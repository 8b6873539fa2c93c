package dev.p2s.netd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.p2s.dataplane.kernel.PacketCount;
import dev.p2s.dataplane.kernel.TunnelAddress;
import dev.p2s.dataplane.nftables.GatewayRuleset;
import dev.p2s.dataplane.nftables.PacketSets;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads what the kernel counts under each grant. */
final class PacketCounters {

  private final ProgramRunner programs;
  private final ObjectMapper json = new ObjectMapper();

  PacketCounters(ProgramRunner programs) {
    this.programs = programs;
  }

  List<PacketCount> read() throws IOException {
    List<PacketCount> counts = new ArrayList<>();
    for (PacketSets sets : GatewayRuleset.PACKET_SETS) {
      Map<TunnelAddress, Long> out = counted(sets.out());
      counted(sets.in())
          .forEach(
              (client, in) ->
                  counts.add(new PacketCount(client, in, out.getOrDefault(client, 0L))));
    }
    return counts;
  }

  private Map<TunnelAddress, Long> counted(String set) throws IOException {
    Map<TunnelAddress, Long> counted = new HashMap<>();
    String listing = programs.run(List.of("nft", "-j", "list", "set", "inet", "p2s", set), "");
    for (JsonNode object : json.readTree(listing).path("nftables")) {
      for (JsonNode element : object.path("set").path("elem")) {
        counted.put(
            TunnelAddress.parse(element.path("elem").path("val").asText()),
            element.path("elem").path("counter").path("packets").asLong());
      }
    }
    return counted;
  }
}
