package dev.p2s.cluster;

import dev.p2s.api.v1alpha1.P2SGateway;
import dev.p2s.api.v1alpha1.P2SGatewayStatus.ReturnRoute;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The network around a gateway that routes: it keeps the routes to clients that the gateway's
 * status asks for, here on the one node on which its pods are.
 */
final class RoutingNetwork implements AutoCloseable {

  private final Installation installation;
  private final String namespace;
  private final String gateway;
  private final NodeContainer node;
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private Set<String> kept = Set.of();

  /**
   * @param nodeAddress of the node
   */
  RoutingNetwork(Installation installation, String nodeAddress, String namespace, String gateway) {
    this.installation = installation;
    this.namespace = namespace;
    this.gateway = gateway;
    this.node = NodeContainer.at(nodeAddress).orElseThrow();
    var unused = clock.scheduleWithFixedDelay(this::follow, 0, 100, TimeUnit.MILLISECONDS);
  }

  private void follow() {
    try {
      Set<String> wanted = new TreeSet<>();
      wanted().forEach(route -> wanted.add(route.destination() + " " + route.via()));
      if (wanted.equals(kept)) {
        return;
      }
      List<String> script = new ArrayList<>();
      kept.stream()
          .map(route -> route.split(" ")[0])
          .filter(range -> wanted.stream().noneMatch(route -> route.startsWith(range + " ")))
          .forEach(range -> script.add("ip route del " + range + " || true"));
      for (String route : wanted) {
        String[] words = route.split(" ");
        if (!kept.contains(route)) {
          script.add(
              "ip route replace %1$s via %2$s dev $(ip -o route get %2$s | sed 's/.* dev \\([^ ]*\\).*/\\1/') onlink"
                  .formatted(words[0], words[1]));
        }
      }
      node.run("sh", "-c", "set -e; " + String.join("; ", script));
      kept = wanted;
    } catch (RuntimeException e) {
      Progress.say("the network does not follow yet: %s", e.getMessage());
    }
  }

  private List<ReturnRoute> wanted() {
    return Optional.ofNullable(installation.gateway(namespace, gateway))
        .map(P2SGateway::getStatus)
        .map(status -> status.returnRoutes())
        .orElse(List.of());
  }

  @Override
  public void close() {
    clock.shutdownNow();
    kept.forEach(route -> node.run("sh", "-c", "ip route del " + route.split(" ")[0] + " || true"));
  }
}
