package dev.p2s.gateway.shares;

import dev.p2s.addressing.Cidr;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Single addresses for pods that have room for a connection but none of somebody's pools, from pods
 * that do not use them: where a policy group has a small pool of its own, the last of its addresses
 * may be where nobody of the group dials.
 */
final class MissingAddresses {

  private final AddressBlocks blocks;
  private final Map<Integer, Part> parts;
  private final Map<Integer, Replica> pods;

  private MissingAddresses(
      AddressBlocks blocks, Map<Integer, Part> parts, Map<Integer, Replica> pods) {
    this.blocks = blocks;
    this.parts = parts;
    this.pods = pods;
  }

  /** What each of the ordinals that serve shall have beside its share, as if it claimed it. */
  static Map<Integer, List<Cidr>> of(
      AddressBlocks blocks,
      Map<Integer, Part> parts,
      Map<Integer, Replica> pods,
      Collection<Integer> serving) {
    MissingAddresses missing = new MissingAddresses(blocks, parts, pods);
    Map<Integer, List<Cidr>> wanted = new TreeMap<>();
    for (int ordinal : serving) {
      Replica pod = pods.get(ordinal);
      if (pod != null && pod.isHeard()) {
        for (Cidr range : pod.lacks()) {
          missing
              .find(ordinal, range, wanted)
              .ifPresent(
                  address ->
                      wanted.computeIfAbsent(ordinal, none -> new ArrayList<>()).add(address));
        }
      }
    }
    return wanted;
  }

  private Optional<Cidr> find(int ordinal, Cidr range, Map<Integer, List<Cidr>> given) {
    int set = blocks.setOf(range);
    Set<Cidr> taken = new HashSet<>();
    pods.values().forEach(pod -> taken.addAll(pod.addresses()));
    pods.values().forEach(pod -> taken.addAll(pod.claims()));
    given.values().forEach(taken::addAll);
    List<Cidr> idle =
        blocks.addressesOf(set).stream().filter(address -> !taken.contains(address)).toList();
    if (idle.stream().anyMatch(address -> has(parts.get(ordinal), address))) {
      return Optional.empty();
    }
    // what was let go of for this a moment ago, or else of whoever has the most
    return idle.stream()
        .filter(this::isWithheld)
        .findFirst()
        .or(
            () ->
                parts.keySet().stream()
                    .filter(other -> pods.containsKey(other) && pods.get(other).isHeard())
                    .map(
                        other -> idle.stream().filter(each -> has(parts.get(other), each)).toList())
                    .filter(theirs -> !theirs.isEmpty())
                    .max(Comparator.comparing(List::size))
                    .map(List::getLast));
  }

  private static boolean has(Part part, Cidr address) {
    return part.guests.contains(address) || (part.owns(address) && !part.lent.contains(address));
  }

  private boolean isWithheld(Cidr address) {
    return parts.values().stream().anyMatch(part -> part.lent.contains(address))
        && parts.values().stream().noneMatch(part -> part.guests.contains(address));
  }
}
