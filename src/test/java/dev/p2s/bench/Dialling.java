package dev.p2s.bench;

import dev.p2s.cluster.VpnClient;
import java.util.ArrayList;
import java.util.List;

/** From the start of a stock client until the first byte of an HTTP answer through its tunnel. */
final class Dialling {

  // asks again every 10 ms; an attempt that would hang until a route is there is cut short
  private static final String DIAL =
      """
      cd /vpn
      begin=$(date +%%s%%3N)
      openvpn --config bench.ovpn > console.log 2>&1 &
      until grep -qs 'Initialization Sequence Completed' openvpn.log; do
        sleep 0.01
        [ $(($(date +%%s%%3N) - begin)) -lt 30000 ] || { cat openvpn.log console.log; exit 1; }
      done
      up=$(($(date +%%s%%3N) - begin))
      until curl -sf -m 1 -o /dev/null %s; do
        [ $(($(date +%%s%%3N) - begin)) -lt 30000 ] || { cat openvpn.log console.log; exit 1; }
      done
      answered=$(($(date +%%s%%3N) - begin))
      pkill -TERM -x openvpn
      while pgrep -x openvpn > /dev/null; do sleep 0.05; done
      rm -f openvpn.log
      echo "$up $answered"
      """;

  private Dialling() {}

  /** Milliseconds; one dial after the other. */
  static Samples measure(String ovpn, String url, int times) {
    List<Long> values = new ArrayList<>();
    try (VpnClient machine = new VpnClient()) {
      machine.run("mkdir", "-p", "/vpn");
      machine.run("sh", "-c", "cat > /vpn/bench.ovpn << 'END'\n" + ovpn + "\nEND");
      for (int i = 0; i < times; i++) {
        String[] line = machine.run("bash", "-c", DIAL.formatted(url)).strip().split(" ", -1);
        values.add(Long.parseLong(line[1]));
      }
    }
    return Samples.of("ms", values);
  }
}
