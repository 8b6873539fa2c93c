package dev.p2s.cluster;

import dev.p2s.sstp.real.SstpcMachine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * A person's machine whose kernel does ESP: a small virtual one with Debian's kernel and strongSwan
 * (images/sstp-client), which dials by a package, looks through the tunnel, and goes off.
 */
final class KernelEspMachine {

  // Debian's charon with its stock settings encrypts in the kernel
  private static final String DIAL =
      """
      export SWANCTL_DIR=/job/strongSwan
      /usr/lib/ipsec/charon > /tmp/charon.log 2>&1 &
      for i in $(seq 60); do
        swanctl --stats > /dev/null 2>&1 && break
        sleep 0.5
      done
      swanctl --load-all
      swanctl --initiate --child net --timeout 90
      ip -color=never address
      curl -sS -m 30 "http://$SERVICE"
      ping -c 5 -i 0.3 -W 10 "$POD"
      ip -color=never -s xfrm state
      ip -s xfrm state | grep -A 1 'lifetime current' | grep -qE '[0-9]{3,}[(]bytes[)]' \
        && echo carried by the kernel
      swanctl --terminate --ike office --timeout 10
      tail -n 20 /tmp/charon.log
      """;

  private KernelEspMachine() {}

  /**
   * Dials; all that the machine has printed.
   *
   * @param service whom it asks by HTTP
   * @param pod whom it pings
   */
  static String dial(Path directory, byte[] zip, String service, String pod)
      throws IOException, InterruptedException {
    Map<String, String> job = PackageFolder.of(zip, "strongSwan/");
    return SstpcMachine.run(directory, job, "SERVICE=%s\nPOD=%s\n".formatted(service, pod) + DIAL);
  }
}
