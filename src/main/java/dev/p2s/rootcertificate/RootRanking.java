package dev.p2s.rootcertificate;

import dev.p2s.api.v1alpha1.RootCertificate;
import java.util.Comparator;
import java.util.List;

/**
 * Which of a gateway's roots count: the 20 oldest (Azure's limit for client roots), by creation
 * time and then by name, so that adding one never takes another away.
 */
public final class RootRanking {

  /** Roots a gateway. */
  public static final int LIMIT = 20;

  private static final Comparator<RootCertificate> OLDEST_FIRST =
      Comparator.comparing(
              (RootCertificate root) ->
                  root.getMetadata().getCreationTimestamp() == null
                      ? ""
                      : root.getMetadata().getCreationTimestamp())
          .thenComparing(root -> root.getMetadata().getName());

  private RootRanking() {}

  /** The roots that count, oldest first. */
  public static List<RootCertificate> counting(List<RootCertificate> rootsOfOneGateway) {
    return rootsOfOneGateway.stream().sorted(OLDEST_FIRST).limit(LIMIT).toList();
  }
}
