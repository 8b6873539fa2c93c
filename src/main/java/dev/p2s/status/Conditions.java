package dev.p2s.status;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The conditions of one object, as Kubernetes' API conventions want them: one of each type, in a
 * fixed order, {@code lastTransitionTime} moved only where the status moves.
 */
public final class Conditions {

  /** The spec is understood and allowed. */
  public static final String ACCEPTED = "Accepted";

  /** The accepted spec is what runs. */
  public static final String PROGRAMMED = "Programmed";

  /** The object does what it is for. */
  public static final String READY = "Ready";

  private static final int MESSAGE_LIMIT = 2048;

  private final Map<String, Condition> previous = new TreeMap<>();
  private final Map<String, Condition> next = new TreeMap<>();
  private final long generation;
  private final Instant now;

  /**
   * @param previous conditions that the object has now, or null
   * @param generation {@code metadata.generation} that is judged
   * @param now the time of this judgement
   */
  public Conditions(List<Condition> previous, long generation, Instant now) {
    if (previous != null) {
      previous.forEach(condition -> this.previous.put(condition.getType(), condition));
    }
    this.generation = generation;
    this.now = now.truncatedTo(ChronoUnit.SECONDS);
  }

  /** Says that the condition holds. */
  public Conditions yes(String type, Enum<?> reason, String message) {
    return put(type, "True", reason, message);
  }

  /** Says that the condition does not hold. */
  public Conditions no(String type, Enum<?> reason, String message) {
    return put(type, "False", reason, message);
  }

  /** Says that nobody can tell. */
  public Conditions unknown(String type, Enum<?> reason, String message) {
    return put(type, "Unknown", reason, message);
  }

  /** All conditions that were said, sorted by type; types that were not said are gone. */
  public List<Condition> list() {
    return next.values().stream().sorted(Comparator.comparing(Condition::getType)).toList();
  }

  private Conditions put(String type, String status, Enum<?> reason, String message) {
    Condition before = previous.get(type);
    String since =
        before != null && Objects.equals(before.getStatus(), status)
            ? before.getLastTransitionTime()
            : now.toString();
    next.put(
        type,
        new ConditionBuilder()
            .withType(type)
            .withStatus(status)
            .withReason(reason.name())
            .withMessage(
                message.length() > MESSAGE_LIMIT ? message.substring(0, MESSAGE_LIMIT) : message)
            .withObservedGeneration(generation)
            .withLastTransitionTime(since)
            .build());
    return this;
  }
}
