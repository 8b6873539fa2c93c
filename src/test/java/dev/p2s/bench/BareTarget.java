package dev.p2s.bench;

import dev.p2s.cluster.Command;
import dev.p2s.cluster.VpnClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A machine behind a bare server, with iperf3; as many hops away as a pod behind a gateway. */
final class BareTarget implements AutoCloseable {

  private static final Duration STEP = Duration.ofMinutes(1);

  private final String id;

  /**
   * @param server the way to the clients
   * @param clients their addresses
   */
  BareTarget(String server, String clients) {
    id =
        container(
            VpnClient.IMAGE,
            "sh",
            "-c",
            "ip route add " + clients + " via " + server + "; exec iperf3 -s");
  }

  String address() {
    return addressOf(id);
  }

  @Override
  public void close() {
    docker("rm", "-f", id);
  }

  /** Starts a container that may route; its id. */
  static String container(String image, String... command) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "run",
                "-d",
                "--cap-add=NET_ADMIN",
                "--device=/dev/net/tun",
                "--sysctl=net.ipv4.ip_forward=1",
                image));
    words.addAll(Arrays.asList(command));
    return docker(words.toArray(String[]::new)).strip();
  }

  static String addressOf(String container) {
    return docker(
            "inspect", "-f", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", container)
        .strip();
  }

  static String docker(String... words) {
    List<String> command = new ArrayList<>(List.of("docker"));
    command.addAll(List.of(words));
    return Command.of(command).run(STEP).required();
  }
}
