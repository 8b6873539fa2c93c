package dev.p2s.agent.ikev2;

import dev.p2s.agent.session.AddressPools;
import dev.p2s.dataplane.kernel.TunnelAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The addresses that charon may give to its clients: pools of one address each, some of them ahead
 * of need. What charon has been offered nobody else gets until charon has given it back, so the
 * gateway's pools are one for all protocols. Called on the agent's loop only.
 */
final class OfferedAddresses {

  /** Clients that may dial at the same moment. */
  static final int AHEAD = 32;

  /**
   * A pool of one address in charon. Where clients have IPv6, a second one holds the address that
   * goes with it; charon may give the two to two clients.
   */
  record Offer(String pool, TunnelAddress address) {}

  private final Map<String, TunnelAddress> offers = new HashMap<>();

  /** Names of the pools that a gateway of this limit needs. */
  static List<String> pools(int connectionLimit) {
    return IntStream.range(0, connectionLimit + AHEAD).mapToObj(i -> "a" + i).toList();
  }

  /** Takes up what charon has. */
  void adopt(Map<String, TunnelAddress> pools) {
    offers.clear();
    offers.putAll(pools);
  }

  boolean contains(TunnelAddress address) {
    return offers.containsValue(address);
  }

  List<Offer> all() {
    return offers.entrySet().stream()
        .map(offer -> new Offer(offer.getKey(), offer.getValue()))
        .toList();
  }

  /**
   * Offers so many more that enough are ahead of need.
   *
   * @param sessions of all protocols
   * @param taken whether a client has an address
   */
  List<Offer> extend(
      AddressPools pools, int connectionLimit, int sessions, Predicate<TunnelAddress> taken) {
    List<Offer> added = new ArrayList<>();
    long missing = ahead(pools, sessions) - idle(taken).size();
    for (String pool : pools(connectionLimit)) {
      if (added.size() >= missing) {
        break;
      }
      if (!offers.containsKey(pool)) {
        Optional<TunnelAddress> free =
            pools.free(pool, address -> taken.test(address) || contains(address));
        if (free.isEmpty()) {
          break;
        }
        offers.put(pool, free.get());
        added.add(new Offer(pool, free.get()));
      }
    }
    return added;
  }

  /** Offers to be taken back: idle ones far ahead of need, and those of no pool any more. */
  List<Offer> surplus(AddressPools pools, int sessions, Predicate<TunnelAddress> taken) {
    List<Offer> ours = idle(taken).stream().filter(offer -> isOf(pools, offer)).toList();
    return Stream.concat(
            idle(taken).stream().filter(offer -> !isOf(pools, offer)),
            ours.stream().skip(2 * ahead(pools, sessions)))
        .toList();
  }

  /** charon has given it back. */
  void returned(Offer offer) {
    offers.remove(offer.pool(), offer.address());
  }

  /** Those that no client has. */
  List<Offer> idle(Predicate<TunnelAddress> taken) {
    return all().stream()
        .filter(offer -> !taken.test(offer.address()))
        .sorted(Comparator.comparing(Offer::pool))
        .toList();
  }

  private static boolean isOf(AddressPools pools, Offer offer) {
    return pools.poolOf(offer.address()).isPresent();
  }

  /** Half of what is free, so that neither protocol starves the other. */
  private static long ahead(AddressPools pools, int sessions) {
    return Math.min(AHEAD, Math.max(1, (pools.size() - sessions) / 2));
  }
}
