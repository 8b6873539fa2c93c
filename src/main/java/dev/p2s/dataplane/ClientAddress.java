package dev.p2s.dataplane;

/** Where a client comes from, written {@code address:port}. */
public final class ClientAddress {

  private ClientAddress() {}

  /** The address without the port, which is what follows the last colon. */
  public static String host(String clientAddress) {
    int colon = clientAddress.lastIndexOf(':');
    return colon < 0 ? clientAddress : clientAddress.substring(0, colon);
  }
}
