package dev.p2s.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Device;
import java.util.List;
import java.util.Map;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;

/**
 * Many people's OpenVPN clients on one machine outside the cluster, each stock, with a tunnel of
 * its own and traffic through it. Routes are left out, since they would all be the same ones; each
 * client's packets are bound to its tunnel.
 */
final class ManyClients implements AutoCloseable, Shell {

  private final GenericContainer<?> machine;
  private final int count;

  /**
   * @param count how many clients, 1–200
   */
  ManyClients(int count) {
    this.count = count;
    Command.of("hack/base-image").run(java.time.Duration.ofMinutes(10)).required();
    Command.of("hack/build-image", VpnClient.IMAGE, "images/client")
        .run(java.time.Duration.ofMinutes(10))
        .required();
    machine =
        new GenericContainer<>(DockerImageName.parse(VpnClient.IMAGE))
            .withLabels(EngineContainers.ofThisRun())
            .withCreateContainerCmdModifier(
                create ->
                    create
                        .getHostConfig()
                        .withCapAdd(Capability.NET_ADMIN)
                        // answers come from where no route points to
                        .withSysctls(
                            Map.of(
                                "net.ipv4.conf.all.rp_filter",
                                "0",
                                "net.ipv4.conf.default.rp_filter",
                                "0"))
                        .withDevices(Device.parse("/dev/net/tun")))
            .withCommand("sleep", "infinity");
    machine.start();
  }

  /** Starts all of them with one package, each in a directory of its own for the log it writes. */
  void dial(String ovpn) {
    machine.copyFileToContainer(Transferable.of(ovpn.getBytes(UTF_8)), "/vpn/vpnconfig.ovpn");
    run(
        "bash",
        "-c",
        "cd /vpn && for i in $(seq 0 $(($1 - 1))); do"
            + " mkdir -p $i; (cd $i && openvpn --config ../vpnconfig.ovpn --dev tun$i --route-noexec > /dev/null 2>&1 &);"
            + " done",
        "dial",
        Integer.toString(count));
  }

  /** How many have a tunnel just now, as their logs say. */
  int up() {
    return Integer.parseInt(
        run(
                "bash",
                "-c",
                "cd /vpn; grep -l 'Initialization Sequence Completed' [0-9]*/openvpn.log 2>/dev/null | wc -l")
            .strip());
  }

  /** How many OpenVPN processes run: one that was refused for good has ended. */
  int running() {
    return Integer.parseInt(run("bash", "-c", "pgrep -c -x openvpn || true").strip());
  }

  /** How often clients have had a tunnel since they dialled, first times included. */
  int arrivals() {
    return Integer.parseInt(
        run(
                "bash",
                "-c",
                "cd /vpn; cat [0-9]*/openvpn.log | grep -c 'Initialization Sequence Completed' || true")
            .strip());
  }

  /** Starts ten packets a second through each tunnel, also when that has been made anew. */
  void send(String address) {
    run(
        "bash",
        "-c",
        "cd /vpn && (pings $1 $2 > pings.log 2>&1 &)",
        "send",
        Integer.toString(count),
        address);
  }

  /** How many have had an answer in the last second. */
  int answered() {
    return Integer.parseInt(
        run(
                "bash",
                "-c",
                "cd /vpn; tail -qn 1 answers* | awk -v now=$(cut -d' ' -f1 /proc/uptime) '$1 >= now -"
                    + " 1 {n++} END {print n + 0}'")
            .strip());
  }

  /** Forgets what has been measured. */
  void measureAnew() {
    run("bash", "-c", "cd /vpn; cut -d' ' -f1 /proc/uptime > since");
  }

  /** The longest time without an answer since then of each client, in seconds, shortest first. */
  List<Double> longestGaps() {
    return run(
            "bash",
            "-c",
            "cd /vpn; for f in answers*; do awk -v last=$(cat since) '$1 > last {if ($1 - last > gap)"
                + " gap = $1 - last; last = $1} END {print gap + 0}' $f; done | sort -n")
        .lines()
        .map(Double::parseDouble)
        .toList();
  }

  /** The last so many of them end OpenVPN as people do. */
  void hangUp(int some) {
    run(
        "bash",
        "-c",
        "for i in $(seq $(($1 - $2)) $(($1 - 1))); do pkill -TERM -f -- \"--dev tun$i --\"; done",
        "hang-up",
        Integer.toString(count),
        Integer.toString(some));
  }

  /** The end of one client's log. */
  String log(int client) {
    return run("tail", "-n", "40", "/vpn/" + client + "/openvpn.log");
  }

  @Override
  public String run(String... words) {
    return new ContainerShell(machine).run(words);
  }

  @Override
  public void close() {
    machine.stop();
  }
}
