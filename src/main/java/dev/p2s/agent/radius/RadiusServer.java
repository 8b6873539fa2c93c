package dev.p2s.agent.radius;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Objects;

/**
 * A RADIUS server and what it shares with the gateway.
 *
 * @param address where it is
 * @param port UDP port of authentication
 * @param accountingPort UDP port of accounting
 * @param score 1–30; the higher is asked first
 * @param secret the shared secret, never printed
 */
record RadiusServer(InetAddress address, int port, int accountingPort, int score, byte[] secret) {

  RadiusServer {
    Objects.requireNonNull(address);
    if (secret.length == 0) {
      throw new IllegalArgumentException("a RADIUS server has an empty shared secret");
    }
  }

  InetSocketAddress authentication() {
    return new InetSocketAddress(address, port);
  }

  InetSocketAddress accounting() {
    return new InetSocketAddress(address, accountingPort);
  }

  @Override
  public String toString() {
    return address.getHostAddress();
  }
}
