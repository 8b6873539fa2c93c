package dev.p2s.gateway.shares;

import dev.p2s.addressing.Cidr;
import dev.p2s.dataplane.Holding;
import java.util.List;
import java.util.Optional;

/**
 * What is known of the pod of one ordinal.
 *
 * @param leaving whether it is on its way out and takes nobody new
 * @param held the most that it can use, where it follows the newest state and says so
 * @param addresses of its sessions, as it says; empty where it says nothing
 * @param wantsMore whether it turned somebody away for lack of a larger share
 * @param claims addresses that people had at another pod who wait at this one for them
 * @param lacks ranges of pools, of each of which somebody found no free address although the pod
 *     had room for a connection
 */
public record Replica(
    boolean leaving,
    Optional<Holding> held,
    List<Cidr> addresses,
    boolean wantsMore,
    List<Cidr> claims,
    List<Cidr> lacks) {

  public Replica {
    addresses = List.copyOf(addresses);
    claims = List.copyOf(claims);
    lacks = List.copyOf(lacks);
  }

  /** Where no address is missing. */
  public Replica(boolean leaving, Optional<Holding> held, List<Cidr> addresses, boolean wantsMore) {
    this(leaving, held, addresses, wantsMore, List.of(), List.of());
  }

  /** Whether it follows the newest state and says so. */
  boolean isHeard() {
    return held.isPresent();
  }

  int live() {
    return addresses.size();
  }
}
