package dev.p2s.sstp.ppp;

import java.util.List;
import java.util.Optional;

/**
 * One protocol's negotiation of options as a function (RFC 1661, 4, from Req-Sent on; ending a link
 * is {@link PppMachine}'s).
 *
 * @param phase how far it is
 * @param id of the request that awaits an answer
 * @param asked what that request asks for
 * @param tries how often it has been sent since there was progress
 * @param arguments how often this side has not taken what the other wished for
 * @param deadline when it is sent again, in milliseconds of the server's clock
 */
record Negotiation(
    Phase phase, int id, List<Option> asked, int tries, int arguments, long deadline) {

  static final long RESTART = 3_000;
  static final int MAX_CONFIGURE = 10;
  static final int MAX_FAILURE = 10;

  enum Phase {
    REQUEST_SENT,
    ACK_RECEIVED,
    ACK_SENT,
    OPENED,
    FAILED
  }

  /**
   * @param next the state after
   * @param say packets for the other side, in order
   */
  record Step(Negotiation next, List<ControlPacket> say) {}

  static Step begin(OptionPolicy policy, long now) {
    Negotiation first =
        new Negotiation(Phase.REQUEST_SENT, 1, policy.wanted(), 1, 0, now + RESTART);
    return new Step(first, List.of(first.request()));
  }

  /** What one of the codes 1–4 makes of it; what does not fit is ignored, as the RFC wants it. */
  Step take(ControlPacket packet, OptionPolicy policy, long now) {
    Optional<List<Option>> options = Option.readAll(packet.data());
    if (phase == Phase.FAILED || options.isEmpty()) {
      return stay();
    }
    return switch (packet.code()) {
      case ControlPacket.CONFIGURE_REQUEST -> wished(packet.id(), options.get(), policy);
      case ControlPacket.CONFIGURE_ACK ->
          packet.id() == id && options.get().equals(asked) ? agreed(now) : stay();
      case ControlPacket.CONFIGURE_NAK ->
          packet.id() == id && isWaiting()
              ? again(policy.afterNak(asked, options.get()), now)
              : stay();
      case ControlPacket.CONFIGURE_REJECT ->
          packet.id() == id && isWaiting()
              ? again(policy.afterReject(asked, options.get()), now)
              : stay();
      default -> stay();
    };
  }

  /** Sends again what was not answered in time. */
  Step tick(long now) {
    if (phase == Phase.OPENED || phase == Phase.FAILED || now < deadline) {
      return stay();
    }
    if (tries >= MAX_CONFIGURE) {
      return failed();
    }
    Phase back = phase == Phase.ACK_RECEIVED ? Phase.REQUEST_SENT : phase;
    Negotiation next = new Negotiation(back, id, asked, tries + 1, arguments, now + RESTART);
    return new Step(next, List.of(next.request()));
  }

  boolean isOpen() {
    return phase == Phase.OPENED;
  }

  boolean hasFailed() {
    return phase == Phase.FAILED;
  }

  private boolean isWaiting() {
    return phase == Phase.REQUEST_SENT || phase == Phase.ACK_SENT;
  }

  private Step wished(int question, List<Option> wishes, OptionPolicy policy) {
    OptionPolicy.Verdict verdict = policy.judge(wishes);
    ControlPacket answer =
        new ControlPacket(verdict.code(), question, Option.writeAll(verdict.options()));
    boolean agree = verdict.code() == ControlPacket.CONFIGURE_ACK;
    int disputes = agree ? arguments : arguments + 1;
    if (disputes > MAX_FAILURE) {
      return failed();
    }
    Phase after =
        switch (phase) {
          case REQUEST_SENT, ACK_SENT -> agree ? Phase.ACK_SENT : Phase.REQUEST_SENT;
          case ACK_RECEIVED -> agree ? Phase.OPENED : Phase.ACK_RECEIVED;
          case OPENED, FAILED -> phase;
        };
    return new Step(new Negotiation(after, id, asked, tries, disputes, deadline), List.of(answer));
  }

  private Step agreed(long now) {
    Phase after =
        switch (phase) {
          case REQUEST_SENT -> Phase.ACK_RECEIVED;
          case ACK_SENT -> Phase.OPENED;
          case ACK_RECEIVED, OPENED, FAILED -> phase;
        };
    return new Step(new Negotiation(after, id, asked, 1, arguments, now + RESTART), List.of());
  }

  private Step again(Optional<List<Option>> other, long now) {
    if (other.isEmpty() || arguments >= MAX_FAILURE) {
      return failed();
    }
    Negotiation next =
        new Negotiation(phase, id + 1 & 0xFF, other.get(), 1, arguments + 1, now + RESTART);
    return new Step(next, List.of(next.request()));
  }

  private Step failed() {
    return new Step(
        new Negotiation(Phase.FAILED, id, asked, tries, arguments, Long.MAX_VALUE), List.of());
  }

  private Step stay() {
    return new Step(this, List.of());
  }

  private ControlPacket request() {
    return new ControlPacket(ControlPacket.CONFIGURE_REQUEST, id, Option.writeAll(asked));
  }
}
