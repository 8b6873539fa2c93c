package dev.p2s.agent.openvpn;

import dev.p2s.dataplane.kernel.ProcessSlot;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The server sets of a pod: at most one is current and takes new connections, the others drain. A
 * change that running processes cannot follow makes a new set beside the old one.
 *
 * @param sets oldest first
 * @param current id of the current set, or null before the first
 */
public record ServerSets(List<ServerSet> sets, String current) {

  /** No set at all: a new pod. */
  public static final ServerSets NONE = new ServerSets(List.of(), null);

  public ServerSets {
    sets = List.copyOf(sets);
  }

  /**
   * The sets as they shall be.
   *
   * @param fingerprint of what a server reads at its start only
   * @param processes how many processes a new set has
   * @param roots the trusted roots: thumbprint → OpenSSL's hash of the subject
   * @throws IllegalArgumentException where the pod has no room for another set
   */
  public ServerSets follow(String fingerprint, int processes, Map<String, String> roots) {
    Optional<ServerSet> fitting =
        sets.reversed().stream().filter(set -> set.serves(fingerprint, roots)).findFirst();
    if (fitting.isPresent()) {
      ServerSet kept = withRoots(fitting.get(), roots);
      return new ServerSets(
          sets.stream().map(set -> set.id().equals(kept.id()) ? kept : set).toList(), kept.id());
    }
    List<ProcessSlot> places = free(processes);
    ServerSet added = new ServerSet(id(fingerprint, roots, places), fingerprint, places, roots);
    List<ServerSet> all = new ArrayList<>(sets);
    all.add(added);
    return new ServerSets(all, added.id());
  }

  /** Takes a set out of use for good; its places stay taken until its processes have ended. */
  public ServerSets retired(String id) {
    return new ServerSets(
        sets.stream().map(set -> set.id().equals(id) ? set.retired() : set).toList(), current);
  }

  public ServerSets without(String id) {
    return new ServerSets(sets.stream().filter(set -> !set.id().equals(id)).toList(), current);
  }

  /** The current set; empty before the first. */
  public Optional<ServerSet> currentSet() {
    return sets.stream().filter(set -> set.id().equals(current)).findFirst();
  }

  /** Sets that take no new connections, oldest first. */
  public List<ServerSet> draining() {
    return sets.stream().filter(set -> !set.id().equals(current)).toList();
  }

  /** The places of all processes. */
  public List<ProcessSlot> slots() {
    return sets.stream().flatMap(set -> set.slots().stream()).sorted().toList();
  }

  /** The set that a place belongs to. */
  public Optional<ServerSet> setOf(ProcessSlot slot) {
    return sets.stream().filter(set -> set.slots().contains(slot)).findFirst();
  }

  private static ServerSet withRoots(ServerSet set, Map<String, String> roots) {
    Map<String, String> seen = new HashMap<>(set.rootsSeen());
    seen.putAll(roots);
    return new ServerSet(set.id(), set.fingerprint(), set.slots(), seen);
  }

  private List<ProcessSlot> free(int processes) {
    List<ProcessSlot> taken = slots();
    List<ProcessSlot> free =
        IntStream.range(0, ProcessSlot.OPENVPN_COUNT)
            .mapToObj(ProcessSlot::new)
            .filter(slot -> !taken.contains(slot))
            .limit(processes)
            .toList();
    if (processes < 1 || free.size() < processes) {
      throw new IllegalArgumentException(
          "openVpn.processes " + processes + " leaves no room for a server set in this pod");
    }
    return free;
  }

  /** Two sets that exist at the same time have no place in common, so their ids differ. */
  private static String id(
      String fingerprint, Map<String, String> roots, List<ProcessSlot> places) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update((fingerprint + new TreeMap<>(roots) + places).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest.digest(), 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
