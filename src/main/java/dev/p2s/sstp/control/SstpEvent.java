package dev.p2s.sstp.control;

import dev.p2s.sstp.binding.HigherLayerKey;

/** What happens to a call. */
public sealed interface SstpEvent {

  record Said(ClientMessage message) implements SstpEvent {}

  /** What a client said is no message. */
  record Malformed(Status status, int attribute) implements SstpEvent {}

  /** A PPP frame came where {@link SstpCall#carries} is false. */
  record UnexpectedData() implements SstpEvent {}

  /** PPP authentication has succeeded and made this key. */
  record Authenticated(HigherLayerKey key) implements SstpEvent {}

  /** The call shall end in order. */
  record HangUp() implements SstpEvent {}

  /**
   * Time goes by.
   *
   * @param heard when the client last sent anything
   */
  record Tick(long heard) implements SstpEvent {}
}
