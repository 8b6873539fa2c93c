package dev.p2s.sstp.control;

import dev.p2s.sstp.binding.HigherLayerKey;

/**
 * Where a call stands ([MS-SSTP] 3.3.1).
 *
 * @param deadline when the state has lasted too long, in milliseconds of the server's clock
 * @param refusals how many of the client's wishes were not taken
 * @param asked whether a silent client has been asked if it is there
 * @param key from PPP authentication; null before
 */
public record SstpCall(
    State state, long deadline, int refusals, boolean asked, HigherLayerKey key) {

  /** The states of a server; what only waits for its TCP connection to end is LEAVING. */
  public enum State {
    CONNECT_REQUEST_PENDING,
    CONNECTED_PENDING,
    CONNECTED,
    DISCONNECT_SENT,
    ABORT_SENT,
    LEAVING,
    CLOSED
  }

  /** A client that has finished its HTTP request. */
  public static SstpCall begun(long now) {
    return new SstpCall(
        State.CONNECT_REQUEST_PENDING, now + SstpServerMachine.NEGOTIATION, 0, false, null);
  }

  /** Whether PPP frames are taken. */
  public boolean carries() {
    return state == State.CONNECTED_PENDING || state == State.CONNECTED;
  }

  SstpCall in(State next, long until) {
    return new SstpCall(next, until, refusals, false, key);
  }
}
