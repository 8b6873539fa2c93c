package dev.p2s.agent.ikev2;

import dev.p2s.dataplane.ikev2.Ikev2Server;
import dev.p2s.dataplane.ikev2.ViciSection;
import dev.p2s.dataplane.kernel.TunnelAddress;
import java.util.Map;
import java.util.TreeMap;

/**
 * The pools of one address each that charon has.
 *
 * @param addresses of each its one address, by name
 */
public record CharonPools(Map<String, TunnelAddress> addresses) {

  public CharonPools {
    addresses = Map.copyOf(addresses);
  }

  /** From the answer to {@code get-pools}. */
  static CharonPools of(ViciSection answer) {
    Map<String, TunnelAddress> addresses = new TreeMap<>();
    answer
        .sections()
        .forEach(
            (name, pool) ->
                pool.text("base")
                    .filter(base -> Ikev2Server.isLent(name))
                    .ifPresent(base -> addresses.put(name, TunnelAddress.parse(base))));
    return new CharonPools(addresses);
  }
}
