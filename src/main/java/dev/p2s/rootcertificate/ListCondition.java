package dev.p2s.rootcertificate;

import dev.p2s.dataplane.AgentReport.RevocationList;
import dev.p2s.dataplane.AgentReport.RevocationList.Freshness;
import dev.p2s.dataplane.RevocationSource;
import dev.p2s.status.Conditions;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What a root's status says of its revocation list: the word of the pod that has the worst. */
final class ListCondition {

  private static final String TYPE = "RevocationList";

  private static final Comparator<RevocationList> WORST_FIRST =
      Comparator.comparing(RevocationList::freshness)
          .reversed()
          .thenComparing(
              RevocationList::nextUpdate, Comparator.nullsFirst(Comparator.naturalOrder()))
          .thenComparing(RevocationList::problem, Comparator.reverseOrder())
          .thenComparing(
              RevocationList::failingSince, Comparator.nullsLast(Comparator.naturalOrder()));

  private ListCondition() {}

  /**
   * @param reported by each pod of the gateway, of this root
   */
  static void tell(Conditions conditions, RevocationSource source, List<RevocationList> reported) {
    Optional<RevocationList> worst = reported.stream().min(WORST_FIRST);
    if (worst.isEmpty()) {
      conditions.unknown(
          TYPE, RootReason.ListMissing, "no pod of the gateway has told of the list yet");
      return;
    }
    RevocationList list = worst.get();
    String problem =
        list.problem().isEmpty()
            ? ""
            : "; it cannot be fetched anew since " + list.failingSince() + ": " + list.problem();
    switch (list.freshness()) {
      case Freshness.FRESH -> conditions.yes(TYPE, RootReason.ListFresh, described(list) + problem);
      case Freshness.STALE ->
          conditions.no(
              TYPE,
              RootReason.ListStale,
              described(list) + " and is over; " + consequence(source) + problem);
      case Freshness.MISSING ->
          conditions.no(
              TYPE,
              RootReason.ListMissing,
              "there was no list yet; "
                  + consequence(source)
                  + (list.problem().isEmpty()
                      ? ""
                      : "; since " + list.failingSince() + ": " + list.problem()));
    }
  }

  private static String described(RevocationList list) {
    return "the list that "
        + list.signer()
        + " made at "
        + list.thisUpdate()
        + " names "
        + list.revoked()
        + (list.revoked() == 1 ? " certificate" : " certificates")
        + ", counts for those that "
        + list.signer()
        + " has issued, holds until "
        + list.nextUpdate();
  }

  private static String consequence(RevocationSource source) {
    return source.refuseWithout()
        ? "new clients are refused, who is connected stays (ifStale: Refuse)"
        : "new clients are let in that no list names (ifStale: Allow)";
  }
}
