package dev.p2s.agent;

import dev.p2s.agent.kernel.KernelGate;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.SkuColumn;
import dev.p2s.dataplane.kernel.NetdCommand.Shape;
import java.io.IOException;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Holds this pod to its part of the gateway's throughput, where the gateway shapes. The part is as
 * large as the pod's share of the connections, so that all pods together never pass more than the
 * SKU's figure, and it moves as the shares do.
 */
final class Shaping {

  private static final Logger LOG = Logger.getLogger(Shaping.class);
  private static final Shape NONE = new Shape(0, List.of());
  private static final long BITS_PER_MEGABIT = 1_000_000;

  private final int ordinal;
  private final KernelGate gate;
  private final AgentMeters meters;

  private Shape inForce;
  private long devicesSeen;
  private String problem = "";

  /**
   * @param ordinal of the pod in its StatefulSet
   */
  Shaping(int ordinal, KernelGate gate, AgentMeters meters) {
    this.ordinal = ordinal;
    this.gate = gate;
    this.meters = meters;
  }

  /**
   * @param devices changes whenever a tunnel device may have come
   */
  void follow(GatewayState state, long devices) {
    Shape wanted = part(state, ordinal);
    boolean nothingEver = inForce == null && wanted.equals(NONE);
    if (nothingEver || (wanted.equals(inForce) && devices == devicesSeen)) {
      return;
    }
    try {
      gate.require(wanted);
      inForce = wanted;
      devicesSeen = devices;
      problem = "";
      meters.shaped(wanted.bitsPerSecond());
    } catch (IOException e) {
      String found = "throughput cannot be held to the SKU's figure: " + e.getMessage();
      if (!found.equals(problem)) {
        LOG.error(found);
      }
      problem = found;
    }
  }

  /** What keeps the figure from being held, for a person; empty where nothing does. */
  String problem() {
    return problem;
  }

  /** A pod's part of the figure; none where the gateway does not shape. */
  static Shape part(GatewayState state, int ordinal) {
    if (state.shapedMbps() == null) {
      return NONE;
    }
    long whole = state.shapedMbps() * BITS_PER_MEGABIT;
    boolean isShared = SkuColumn.of(state).stream().anyMatch(c -> !c.shares(state).isEmpty());
    long all = SkuColumn.of(state).stream().mapToLong(c -> c.limit(state)).sum();
    long own =
        SkuColumn.of(state).stream().mapToLong(c -> c.holding(state, ordinal).connections()).sum();
    long part = !isShared || all == 0 ? whole : whole * own / all;
    return new Shape(Math.max(1, part), state.everyPool());
  }
}
