package dev.p2s.dataplane;

/** Where a gateway pod is asked by RADIUS servers. */
public final class RadiusPorts {

  /** UDP port of Disconnect-Requests (RFC 5176, section 2.3). */
  public static final int DISCONNECT = 3799;

  private RadiusPorts() {}
}
