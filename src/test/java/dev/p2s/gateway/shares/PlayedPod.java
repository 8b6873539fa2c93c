package dev.p2s.gateway.shares;

import dev.p2s.addressing.Cidr;
import dev.p2s.dataplane.Holding;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A pod with an agent that follows the newest version that it has seen. */
final class PlayedPod {
  int follows;
  Holding share;
  boolean cutOff;
  boolean leaving;
  boolean wantsMore;
  final Set<String> addresses = new HashSet<>();

  /** What people wait for who had it elsewhere. */
  final Set<String> claims = new HashSet<>();

  /** Pools of which somebody found no free address. */
  final Set<Cidr> lacks = new HashSet<>();

  boolean mayUse(String address) {
    return share.blocks().stream().anyMatch(block -> block.contains(Cidr.parse(address)));
  }

  /** Whoever waits and can have the address gets in. */
  void letIn() {
    for (String address : List.copyOf(claims)) {
      if (!leaving
          && mayUse(address)
          && addresses.size() < share.connections()
          && addresses.add(address)) {
        claims.remove(address);
      }
    }
  }

  Holding held() {
    List<Cidr> blocks = new ArrayList<>(leaving ? List.of() : share.blocks());
    addresses.forEach(address -> blocks.add(Cidr.parse(address)));
    return new Holding(
        Math.max(leaving ? 0 : share.connections(), addresses.size()), List.copyOf(blocks));
  }

  Replica seen(boolean follows) {
    return new Replica(
        leaving,
        follows ? Optional.of(held()) : Optional.empty(),
        cutOff ? List.of() : addresses.stream().map(Cidr::parse).toList(),
        !cutOff && wantsMore,
        cutOff ? List.of() : claims.stream().map(Cidr::parse).toList(),
        cutOff ? List.of() : List.copyOf(lacks));
  }
}
