package dev.p2s.dataplane.nftables;

/**
 * The maps that grants of one address family are read back from.
 *
 * @param sessions device and source to a grant's mark
 * @param groups source to a policy group's mark
 */
public record GrantMaps(String sessions, String groups) {}
