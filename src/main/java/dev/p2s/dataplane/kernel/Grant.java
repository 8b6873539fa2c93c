package dev.p2s.dataplane.kernel;

/**
 * Leave to forward: packets of this source that come out of this slot's tun device, and their
 * answers.
 *
 * @param group what the kernel knows the person's policy group by ({@code PolicyGroup.mark}); 0
 *     where the gateway has no groups
 */
public record Grant(TunnelAddress address, ProcessSlot slot, int group) {

  /** Of somebody without a group. */
  public Grant(TunnelAddress address, ProcessSlot slot) {
    this(address, slot, 0);
  }
}
