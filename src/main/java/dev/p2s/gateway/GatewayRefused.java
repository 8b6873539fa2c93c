package dev.p2s.gateway;

/** A rule says no; the message names the field, the value, the rule and what to do. */
final class GatewayRefused extends Exception {

  private static final long serialVersionUID = 1L;

  private final GatewayRefusal reason;

  GatewayRefused(GatewayRefusal reason, String message) {
    super(message, null, false, false);
    this.reason = reason;
  }

  GatewayRefusal reason() {
    return reason;
  }
}
