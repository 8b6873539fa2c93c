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

  /** Clients of a full pod that may dial at the same moment. */
  static final int KNOCKING = 2;

  /**
   * A pool of one address in charon. Where clients have IPv6, a second one holds the address that
   * goes with it; charon may give the two to two clients.
   */
  record Offer(String pool, TunnelAddress address) {}

  private static final String NEXT = "next";

  private final Map<String, TunnelAddress> offers = new HashMap<>();

  /**
   * Clients of a pod that may have come with an address from another one; more of them would make
   * charon's list longer than a message of vici may be.
   */
  private static final int MOST_RETURNED = 2000;

  /**
   * Names of the pools that a gateway of this limit needs, in the order in which charon gives their
   * addresses away.
   */
  static List<String> pools(int connectionLimit) {
    return Stream.concat(next(connectionLimit).stream(), ahead(connectionLimit).stream()).toList();
  }

  /** Names of those whose addresses are for somebody who is about to come. */
  private static List<String> next(int connectionLimit) {
    return IntStream.range(0, Math.min(connectionLimit, MOST_RETURNED))
        .mapToObj(i -> NEXT + i)
        .toList();
  }

  private static List<String> ahead(int connectionLimit) {
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
   * What this pod may give away.
   *
   * @param pools of the gateway
   * @param ikev2s whether an address is for IKEv2's and OpenVPN's clients at all
   * @param ours whether an address is in the pod's share of them
   * @param room how many more clients of all protocols the pod may have
   * @param taken whether a client has an address
   */
  record Share(
      AddressPools pools,
      Predicate<TunnelAddress> ikev2s,
      Predicate<TunnelAddress> ours,
      long room,
      Predicate<TunnelAddress> taken) {

    // a full pod's clients are sent elsewhere once they have an address: any will do, none passes
    private boolean has(TunnelAddress address) {
      return pools.poolOf(address).isPresent()
          && ikev2s.test(address)
          && (room <= 0 || ours.test(address));
    }

    /** Half of what is free, so that neither protocol starves the other. */
    private long ahead() {
      return room <= 0 ? KNOCKING : Math.min(AHEAD, Math.max(1, room / 2));
    }
  }

  /** Offers so many more that enough are ahead of need. */
  List<Offer> extend(Share share, int connectionLimit) {
    List<Offer> added = new ArrayList<>();
    long missing =
        share.ahead() - idle(share.taken()).stream().filter(o -> share.has(o.address())).count();
    for (String pool : ahead(connectionLimit)) {
      if (added.size() >= missing) {
        break;
      }
      if (!offers.containsKey(pool)) {
        Optional<TunnelAddress> free =
            share
                .pools()
                .free(
                    pool,
                    address ->
                        share.taken().test(address) || contains(address) || !share.has(address));
        if (free.isEmpty()) {
          break;
        }
        offers.put(pool, free.get());
        added.add(new Offer(pool, free.get()));
      }
    }
    return added;
  }

  /**
   * Offers an address before all others; empty where too many have come so already.
   *
   * @param address that is not offered
   */
  Optional<Offer> first(TunnelAddress address, int connectionLimit) {
    Optional<Offer> first =
        next(connectionLimit).stream()
            .filter(pool -> !offers.containsKey(pool))
            .findFirst()
            .map(pool -> new Offer(pool, address));
    first.ifPresent(offer -> offers.put(offer.pool(), offer.address()));
    return first;
  }

  /** The offer of an address; empty where charon does not have it. */
  Optional<Offer> of(TunnelAddress address) {
    return all().stream().filter(offer -> offer.address().equals(address)).findFirst();
  }

  /** Offers to be taken back: idle ones far ahead of need, and those of no share any more. */
  List<Offer> surplus(Share share) {
    List<Offer> idle = idle(share.taken());
    return Stream.concat(
            idle.stream().filter(offer -> !share.has(offer.address())),
            idle.stream().filter(offer -> share.has(offer.address())).skip(2 * share.ahead()))
        .toList();
  }

  /** charon has given it back. */
  void returned(Offer offer) {
    offers.remove(offer.pool(), offer.address());
  }

  /** Those that no client has; first those for somebody who is about to come. */
  List<Offer> idle(Predicate<TunnelAddress> taken) {
    return all().stream()
        .filter(offer -> !taken.test(offer.address()))
        .sorted(
            Comparator.comparing((Offer offer) -> !offer.pool().startsWith(NEXT))
                .thenComparing(Offer::pool))
        .toList();
  }
}
