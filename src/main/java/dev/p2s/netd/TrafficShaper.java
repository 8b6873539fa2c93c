package dev.p2s.netd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.p2s.addressing.Cidr;
import dev.p2s.dataplane.kernel.NetdCommand.Shape;
import dev.p2s.dataplane.kernel.ProcessSlot;
import dev.p2s.dataplane.tc.AggregateShape;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Holds the pod's tunnels to one throughput. What is set up it reads from the kernel, but for the
 * pools: those of a netd that was started anew are set up anew.
 */
final class TrafficShaper {

  private static final List<String> TC = List.of("tc", "-batch", "-");
  private static final List<String> TC_FORCE = List.of("tc", "-force", "-batch", "-");
  private static final List<String> IP = List.of("ip", "-batch", "-");

  private final ProgramRunner programs;
  private final ObjectMapper json = new ObjectMapper();
  private List<Cidr> pools;

  TrafficShaper(ProgramRunner programs) {
    this.programs = programs;
  }

  /**
   * @throws IOException where the kernel lacks a part of it; the message says what it complained of
   */
  void shape(Shape wanted) throws IOException {
    Set<String> links = names(List.of("ip", "-json", "link", "show"), "ifname", null);
    Set<String> attached = names(List.of("tc", "-json", "qdisc", "show"), "dev", "clsact");
    Set<String> tunnels =
        links.stream()
            .filter(TrafficShaper::isTunnel)
            .collect(Collectors.toCollection(TreeSet::new));
    if (wanted.bitsPerSecond() == 0) {
      release(tunnels, attached, links);
      return;
    }
    if (!links.contains(AggregateShape.DEVICE)) {
      pools = null;
      programs.run(
          IP,
          "link add %1$s type ifb\nlink set dev %1$s txqueuelen 1000 up\n"
              .formatted(AggregateShape.DEVICE));
    }
    if (wanted.pools().equals(pools)) {
      programs.run(TC, AggregateShape.rate(wanted));
    } else {
      pools = null;
      anew();
      programs.run(TC, AggregateShape.device(wanted));
      pools = wanted.pools();
    }
    tunnels.removeAll(attached);
    for (String tunnel : tunnels) {
      programs.run(TC, AggregateShape.attach(tunnel));
    }
  }

  private void release(Set<String> tunnels, Set<String> attached, Set<String> links)
      throws IOException {
    tunnels.retainAll(attached);
    for (String tunnel : tunnels) {
      programs.run(TC, AggregateShape.detach(tunnel));
    }
    if (links.contains(AggregateShape.DEVICE)) {
      programs.run(IP, "link del dev " + AggregateShape.DEVICE + "\n");
    }
    pools = null;
  }

  /** A device that has nothing yet has nothing to take away. */
  private void anew() {
    try {
      programs.run(TC_FORCE, "qdisc del dev " + AggregateShape.DEVICE + " root\n");
    } catch (IOException e) {
      // the next command tells where the device cannot be set up
    }
  }

  private static boolean isTunnel(String link) {
    return link.startsWith(ProcessSlot.TUNNEL_PREFIX) || link.equals(ProcessSlot.IKEV2.tunnel());
  }

  private Set<String> names(List<String> argv, String field, String kind) throws IOException {
    Set<String> names = new TreeSet<>();
    for (JsonNode object : json.readTree(programs.run(argv, ""))) {
      if (kind == null || kind.equals(object.path("kind").asText())) {
        names.add(object.path(field).asText());
      }
    }
    return names;
  }
}
