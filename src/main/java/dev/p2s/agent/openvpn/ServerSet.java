package dev.p2s.agent.openvpn;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.p2s.dataplane.kernel.ProcessSlot;
import java.util.List;
import java.util.Map;

/**
 * The openvpn processes that were started with the same inputs.
 *
 * @param id 16 lower-case hexadecimal digits
 * @param fingerprint of everything that a server reads at its start only
 * @param slots the processes' places
 * @param rootsSeen every root that its processes may have loaded: thumbprint → OpenSSL's hash of
 *     the subject
 */
public record ServerSet(
    String id, String fingerprint, List<ProcessSlot> slots, Map<String, String> rootsSeen) {

  public ServerSet {
    slots = List.copyOf(slots);
    rootsSeen = Map.copyOf(rootsSeen);
  }

  /** A fingerprint that no inputs have. */
  private static final String RETIRED = "retired";

  /** The same set on its way out: it is never current again. */
  ServerSet retired() {
    return new ServerSet(id, RETIRED, slots, rootsSeen);
  }

  /** Whether its processes have been told to end. */
  @JsonIgnore
  public boolean isRetired() {
    return fingerprint.equals(RETIRED);
  }

  /**
   * Whether its processes can serve these roots. A root that is added is found by its subject, but
   * a process that has loaded another root of that subject never looks again.
   */
  boolean serves(String wantedFingerprint, Map<String, String> roots) {
    return fingerprint.equals(wantedFingerprint)
        && roots.entrySet().stream()
            .allMatch(
                root ->
                    rootsSeen.containsKey(root.getKey())
                        || !rootsSeen.containsValue(root.getValue()));
  }
}
