package dev.p2s.dataplane;

/** Where a client comes from, written {@code address:port}. */
public final class ClientAddress {

  private ClientAddress() {}

  /** The address without the port; all of it where there is none. */
  public static String host(String clientAddress) {
    int colon = clientAddress.lastIndexOf(':');
    return colon < 0 ? clientAddress : clientAddress.substring(0, colon);
  }
}
