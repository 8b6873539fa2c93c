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
 * status asks for, here on the nodes.
 */
final class RoutingNetwork implements AutoCloseable {

  private final Installation installation;
  private final String namespace;
  private final String gateway;
  private final List<NodeContainer> nodes;
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private Set<String> kept = Set.of();

  /**
   * @param nodeAddresses of all nodes
   */
  RoutingNetwork(
      Installation installation, List<String> nodeAddresses, String namespace, String gateway) {
    this.installation = installation;
    this.namespace = namespace;
    this.gateway = gateway;
    this.nodes = nodeAddresses.stream().map(node -> NodeContainer.at(node).orElseThrow()).toList();
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
          // to the pod where it is on this node, else to the pod's node
          script.add(
              "set -- $(ip -o route get %2$s); if [ $2 = via ]; then way=$3; else way=\"%2$s dev $3 onlink\"; fi; ip route replace %1$s via $way"
                  .formatted(words[0], words[1]));
        }
      }
      run("set -e; " + String.join("; ", script));
      kept = wanted;
    } catch (RuntimeException e) {
      Progress.say("the network does not follow yet: %s", e.getMessage());
    }
  }

  /** What the gateway's status asks for. */
  List<ReturnRoute> wanted() {
    return Optional.ofNullable(installation.gateway(namespace, gateway))
        .map(P2SGateway::getStatus)
        .map(status -> status.returnRoutes())
        .orElse(List.of());
  }

  @Override
  public void close() {
    clock.shutdownNow();
    kept.forEach(route -> run("ip route del " + route.split(" ")[0] + " || true"));
  }

  private void run(String script) {
    nodes.forEach(node -> node.run("sh", "-c", script));
  }
}
