package dev.p2s.sstp.control;

/** What is to be done for a call. */
public sealed interface SstpAction {

  /** A whole control packet for the client. */
  record Send(byte[] packet) implements SstpAction {}

  /** PPP begins. */
  record StartPpp() implements SstpAction {}

  /** The binding is proved: packets may pass. */
  record Connected() implements SstpAction {}

  /** The call is over and nothing passes any more. */
  record Over(String why) implements SstpAction {}

  /** The TCP connection is to be closed. */
  record Close() implements SstpAction {}
}
