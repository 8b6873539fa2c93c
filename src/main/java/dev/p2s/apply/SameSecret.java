package dev.p2s.apply;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The quick answer for Secrets, which the API server adds nothing to: one that says exactly what is
 * wanted, and was applied by us, needs no comparison of managed fields. That comparison copies both
 * objects into maps, which for a thousand packages is most of what they cost.
 */
final class SameSecret {

  private SameSecret() {}

  /** Whether it is certain that nothing is to be written; where it is not, others have to look. */
  static boolean is(HasMetadata actual, HasMetadata desired, String fieldManager) {
    return actual instanceof Secret there
        && desired instanceof Secret wanted
        && Objects.equals(there.getType(), wanted.getType())
        && Objects.equals(there.getImmutable(), wanted.getImmutable())
        && of(wanted.getStringData()).isEmpty()
        && of(there.getData()).equals(of(wanted.getData()))
        && isSame(there.getMetadata(), wanted.getMetadata())
        && isApplied(there.getMetadata(), fieldManager);
  }

  private static boolean isSame(ObjectMeta there, ObjectMeta wanted) {
    return of(there.getLabels()).equals(of(wanted.getLabels()))
        && of(there.getAnnotations()).equals(of(wanted.getAnnotations()))
        && of(there.getFinalizers()).equals(of(wanted.getFinalizers()))
        && of(there.getOwnerReferences()).equals(of(wanted.getOwnerReferences()));
  }

  private static boolean isApplied(ObjectMeta there, String fieldManager) {
    return of(there.getManagedFields()).stream()
        .anyMatch(
            entry ->
                fieldManager.equals(entry.getManager()) && "Apply".equals(entry.getOperation()));
  }

  private static <T> List<T> of(List<T> list) {
    return Objects.requireNonNullElse(list, List.of());
  }

  private static Map<String, String> of(Map<String, String> map) {
    return Objects.requireNonNullElse(map, Map.of());
  }
}
