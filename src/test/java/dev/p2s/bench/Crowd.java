package dev.p2s.bench;

import dev.p2s.cluster.VpnClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/**
 * Many people at once: stock OpenVPN clients of one machine, whose packets go nowhere ({@code dev
 * null}), so that what they cost is the dialling.
 */
final class Crowd implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private static final String DIAL =
      """
      cd /vpn && rm -f crowd-*.log
      begin=$(date +%%s%%3N)
      for i in $(seq %1$d); do
        openvpn --config crowd.ovpn --dev null --ifconfig-noexec --route-noexec --verb 1 \
          --connect-retry 1 2 --writepid crowd-$i.pid --log crowd-$i.log --daemon
      done
      while [ $(cat crowd-*.log | grep -c 'Initialization Sequence Completed') -lt %1$d ]; do
        sleep 0.05
        [ $(($(date +%%s%%3N) - begin)) -lt 240000 ] || { tail -n 3 crowd-*.log | tail -n 60; exit 1; }
      done
      echo $(($(date +%%s%%3N) - begin))
      """;

  private final VpnClient machine = new VpnClient();

  Crowd(String ovpn) {
    machine.run("mkdir", "-p", "/vpn");
    // the first word about a log counts, and here each has its own
    String own = ovpn.replaceAll("(?m)^log .*$", "");
    machine.run("sh", "-c", "cat > /vpn/crowd.ovpn << 'END'\n" + own + "\nEND");
  }

  /** Dials as so many people at once; milliseconds until the last of them is in. */
  long dial(int people) {
    return Long.parseLong(machine.run("bash", "-c", DIAL.formatted(people)).strip());
  }

  /** Connections a second, everybody hanging up after each time. */
  Samples connectionsPerSecond(int people, int times) {
    List<Double> values = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      values.add(people * 1000.0 / dial(people));
      hangUp();
    }
    return Samples.of("/s", values);
  }

  /** How often people came in since they dialled, first times included. */
  long arrivals() {
    return count("cat crowd-*.log | grep -c 'Initialization Sequence Completed'");
  }

  /** How many clients still run: one that gives up ends. */
  long clients() {
    return count("pgrep -r D,R,S -x openvpn | wc -l");
  }

  void awaitArrivals(long arrivals) {
    Awaitility.await(arrivals + " arrivals")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .until(() -> arrivals() >= arrivals || clients() == 0);
  }

  // a container's first process may leave the dead unburied: those are not waited for
  void hangUp() {
    machine.run(
        "sh",
        "-c",
        "pkill -TERM -x openvpn; while pgrep -r D,R,S -x openvpn > /dev/null; do sleep 0.05; done");
  }

  @Override
  public void close() {
    machine.close();
  }

  private long count(String command) {
    return Long.parseLong(machine.run("bash", "-c", "cd /vpn && " + command).strip());
  }
}
