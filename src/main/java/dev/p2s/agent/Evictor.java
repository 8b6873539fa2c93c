package dev.p2s.agent;

import dev.p2s.agent.session.Session.Seat;

/** Tells a server to let a client go. */
interface Evictor {

  /** The client's server closes the connection so that the client dials again. */
  void evict(Seat seat);

  /**
   * Asks the client to go to another replica while its connection here goes on; one that cannot
   * stays. False where the server can only close the connection.
   */
  default boolean redirects(Seat seat) {
    return false;
  }

  /** The client's server closes the connection, and the client shall not dial again by itself. */
  default void dismiss(Seat seat) {
    evict(seat);
  }

  /** Whether the server that holds the seat answers. */
  boolean answers(Seat seat);
}
