package dev.p2s.dataplane.kernel;

/**
 * Leave to forward: packets of this source that come out of this slot's tun device, and their
 * answers.
 */
public record Grant(TunnelAddress address, ProcessSlot slot) {}
