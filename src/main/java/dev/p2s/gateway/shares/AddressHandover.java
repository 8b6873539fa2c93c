package dev.p2s.gateway.shares;

import dev.p2s.addressing.Cidr;
import dev.p2s.addressing.CidrSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Which single addresses go from one ordinal to another: with the people who have them, or to a pod
 * that lacks one. As with whole blocks, first somebody lets go of an address and says so, then
 * somebody else gets it: until then it is withheld from everybody.
 */
final class AddressHandover {

  private final AddressBlocks blocks;
  private final Map<Integer, Part> parts;
  private final Map<Integer, Replica> pods;
  private final Collection<Integer> serving;
  private final boolean sweep;
  private final Map<Integer, List<Cidr>> claims = new TreeMap<>();
  private final Map<Integer, List<Cidr>> guests = new TreeMap<>();
  private final Set<Cidr> withheld = new HashSet<>();

  private AddressHandover(
      AddressBlocks blocks,
      Map<Integer, Part> parts,
      Map<Integer, Replica> pods,
      Collection<Integer> serving,
      boolean sweep) {
    this.blocks = blocks;
    this.parts = parts;
    this.pods = pods;
    this.serving = serving;
    this.sweep = sweep;
    pods.forEach((ordinal, pod) -> claims.put(ordinal, new ArrayList<>(pod.claims())));
    MissingAddresses.of(blocks, parts, pods, serving)
        .forEach((ordinal, missing) -> claims.get(ordinal).addAll(missing));
  }

  /**
   * Puts into the parts what each has as a guest and has lent.
   *
   * @param sweep whether addresses that nobody uses go back to their blocks
   * @return whether anything is other than it was
   */
  static boolean settle(
      AddressBlocks blocks,
      Map<Integer, Part> parts,
      Map<Integer, Replica> pods,
      Collection<Integer> serving,
      boolean sweep) {
    return new AddressHandover(blocks, parts, pods, serving, sweep).settle();
  }

  private boolean settle() {
    Set<Cidr> travelling = new LinkedHashSet<>();
    parts.values().forEach(part -> travelling.addAll(part.guests));
    parts.values().forEach(part -> travelling.addAll(part.lent));
    claims.values().forEach(travelling::addAll);
    if (travelling.isEmpty()) {
      return false;
    }
    travelling.stream().filter(blocks::hold).forEach(this::settle);
    boolean differs = false;
    for (var entry : parts.entrySet()) {
      Part part = entry.getValue();
      List<Cidr> brought =
          guests.getOrDefault(entry.getKey(), List.of()).stream()
              .filter(address -> !part.owns(address))
              .toList();
      List<Cidr> lent = lentBy(entry.getKey(), part);
      differs |= !CidrSet.sorted(brought).equals(CidrSet.sorted(part.guests));
      differs |= !lent.equals(CidrSet.sorted(part.lent));
      part.guests = CidrSet.sorted(brought);
      part.lent = lent;
    }
    return differs;
  }

  private void settle(Cidr address) {
    Optional<Integer> guest = first(parts, part -> part.guests.contains(address));
    Optional<Integer> user = first(pods, pod -> pod.addresses().contains(address));
    Optional<Integer> holder =
        user.isPresent()
            ? user.filter(
                ordinal -> Optional.of(ordinal).equals(guest) && serving.contains(ordinal))
            : claimant(address, guest).or(() -> guest.filter(this::keeps));
    Optional<Integer> next = holder.or(() -> first(parts, part -> part.owns(address)));
    boolean free =
        parts.entrySet().stream()
            .noneMatch(
                entry ->
                    !Optional.of(entry.getKey()).equals(next) && entry.getValue().mayHold(address));
    if (!free) {
      withheld.add(address);
    } else if (holder.isPresent()) {
      guests.computeIfAbsent(holder.get(), none -> new ArrayList<>()).add(address);
    }
  }

  /**
   * Who waits for an address and can get it. One that is held by a pod that is cut off, or that
   * somebody uses, is waited for in vain.
   */
  private Optional<Integer> claimant(Cidr address, Optional<Integer> guest) {
    List<Integer> claimants = serving.stream().filter(i -> claims(i, address)).toList();
    Optional<Integer> chosen =
        guest.filter(claimants::contains).or(() -> claimants.stream().findFirst());
    return chosen.filter(
        ordinal ->
            parts.entrySet().stream()
                .filter(entry -> !entry.getKey().equals(ordinal))
                .filter(entry -> entry.getValue().mayHold(address))
                .allMatch(entry -> isHeard(entry.getKey())));
  }

  private boolean claims(int ordinal, Cidr address) {
    return isHeard(ordinal) && claims.getOrDefault(ordinal, List.of()).contains(address);
  }

  private boolean isHeard(int ordinal) {
    return pods.containsKey(ordinal) && pods.get(ordinal).isHeard();
  }

  /** What nobody uses stays where it was used last, whose client may dial again. */
  private boolean keeps(int guest) {
    return serving.contains(guest) && !(sweep && isHeard(guest));
  }

  private List<Cidr> lentBy(int ordinal, Part part) {
    Set<Cidr> elsewhere = new HashSet<>(withheld);
    guests.forEach(
        (other, theirs) -> {
          if (other != ordinal) {
            elsewhere.addAll(theirs);
          }
        });
    return CidrSet.sorted(elsewhere.stream().filter(part::owns).toList());
  }

  private static <T> Optional<Integer> first(Map<Integer, T> of, Predicate<T> which) {
    return of.entrySet().stream()
        .filter(entry -> which.test(entry.getValue()))
        .map(Map.Entry::getKey)
        .findFirst();
  }
}
