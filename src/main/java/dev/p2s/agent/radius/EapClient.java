package dev.p2s.agent.radius;

/**
 * A client in the middle of an EAP login.
 *
 * @param number charon's number of its IKE SA, or the SSTP endpoint's of its call
 * @param address where it comes from, {@code address:port}
 */
public record EapClient(long number, String address) {}
