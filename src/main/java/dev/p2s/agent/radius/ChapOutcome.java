package dev.p2s.agent.radius;

import dev.p2s.agent.session.Person;
import dev.p2s.agent.session.Refusal;

/** What a RADIUS server has said to an MSCHAPv2 answer. */
public sealed interface ChapOutcome {

  /**
   * It is this person.
   *
   * @param proof {@code S=} and 40 digits, by which the client sees that the server knows the
   *     password
   * @param receiveKey and {@code sendKey}: MPPE's, of the server's end (RFC 3079), 16 bytes each;
   *     never printed
   */
  record Known(Person person, String proof, byte[] receiveKey, byte[] sendKey)
      implements ChapOutcome {
    @Override
    public String toString() {
      return "Known";
    }
  }

  /** It is nobody who may come in, or it cannot be found out now. */
  record Refused(Refusal refusal) implements ChapOutcome {}
}
