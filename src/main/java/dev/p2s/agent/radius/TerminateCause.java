package dev.p2s.agent.radius;

import dev.p2s.agent.session.Ending;
import dev.p2s.agent.session.Refusal;
import java.util.Optional;

/** Acct-Terminate-Cause (RFC 2866, section 5.10): those that a gateway's sessions end by. */
enum TerminateCause {
  USER_REQUEST(1),
  LOST_CARRIER(2),
  IDLE_TIMEOUT(4),
  SESSION_TIMEOUT(5),
  ADMIN_RESET(6),
  NAS_ERROR(9),
  NAS_REQUEST(10);

  private final int number;

  TerminateCause(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }

  static TerminateCause of(Ending how, Optional<Refusal> why) {
    return switch (how) {
      case DISCONNECTED -> USER_REQUEST;
      case DIALLED_AGAIN, LOST -> LOST_CARRIER;
      case IDLE -> IDLE_TIMEOUT;
      case LASTED_AS_LONG_AS_IT_MAY -> SESSION_TIMEOUT;
      case DISCONNECTED_BY_AN_OPERATOR, DISCONNECTED_BY_RADIUS -> ADMIN_RESET;
      case REFUSED ->
          why.filter(refusal -> refusal.reason() == Refusal.Reason.LOGIN_EXPIRED).isPresent()
              ? SESSION_TIMEOUT
              : ADMIN_RESET;
      case SERVER_ENDED -> NAS_ERROR;
      case REPLACED,
          TOOK_ANOTHER_ADDRESS,
          NEVER_COMPLETED,
          POOLS_CHANGED,
          ROUTES_CHANGED,
          SERVER_REPLACED,
          MOVED,
          POD_LEAVES,
          POD_ENDED ->
          NAS_REQUEST;
    };
  }
}
