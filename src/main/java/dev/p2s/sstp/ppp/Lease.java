package dev.p2s.sstp.ppp;

import java.util.List;

/**
 * What an admitted client is told of the network. IPv4 addresses as their 32 bits.
 *
 * @param client the client's address
 * @param gateway the gateway's end
 * @param dns resolvers; a client asks for two at most
 */
public record Lease(int client, int gateway, List<Integer> dns) {
  public Lease {
    dns = List.copyOf(dns);
  }
}
