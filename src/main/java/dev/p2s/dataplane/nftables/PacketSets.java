package dev.p2s.dataplane.nftables;

/**
 * The sets that count what is forwarded for clients of one address family.
 *
 * @param in from each client
 * @param out to each client
 */
public record PacketSets(String in, String out) {}
