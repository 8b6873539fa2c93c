package dev.p2s.agent.ikev2;

import dev.p2s.dataplane.kernel.TunnelAddress;
import java.util.function.Consumer;

/** The head of the list from which a server that gives addresses away by itself takes them. */
public interface NextAddress {

  /**
   * Makes an address that no client has the next that is given away.
   *
   * @param done told whether it is; not where the server cannot be asked
   */
  void offer(TunnelAddress address, Consumer<Boolean> done);

  /**
   * Takes it back, unless somebody has it.
   *
   * @param done run when it is back, or stays
   */
  void withdraw(TunnelAddress address, Runnable done);
}
