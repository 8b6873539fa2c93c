package dev.p2s.sstp.ppp;

import java.util.List;
import java.util.Optional;

/** What one side of a negotiation wants and what it takes. */
interface OptionPolicy {

  /** What this side asks for first. */
  List<Option> wanted();

  /** What it says to the other's wishes. */
  Verdict judge(List<Option> wishes);

  /**
   * What this side asks for once the other would rather have something else.
   *
   * @return empty where there is nothing that both could want
   */
  Optional<List<Option>> afterNak(List<Option> asked, List<Option> rather);

  /**
   * What this side asks for once the other does not know these options.
   *
   * @return empty where it cannot do without
   */
  Optional<List<Option>> afterReject(List<Option> asked, List<Option> unknown);

  /**
   * @param code CONFIGURE_ACK, CONFIGURE_NAK or CONFIGURE_REJECT
   * @param options all that were wished for (ACK), what would be taken (NAK), or what is not known
   */
  record Verdict(int code, List<Option> options) {

    /** Rejects before it suggests, and agrees where there is nothing of either. */
    static Verdict of(List<Option> wishes, List<Option> unknown, List<Option> rather) {
      if (!unknown.isEmpty()) {
        return new Verdict(ControlPacket.CONFIGURE_REJECT, unknown);
      }
      return rather.isEmpty()
          ? new Verdict(ControlPacket.CONFIGURE_ACK, wishes)
          : new Verdict(ControlPacket.CONFIGURE_NAK, rather);
    }
  }
}
