package dev.p2s.dataplane.kernel;

/**
 * What has passed under a grant since it was given.
 *
 * @param in packets from the client that were forwarded; {@code out} packets to it
 */
public record PacketCount(TunnelAddress address, long in, long out) {}
