package dev.p2s.agent.session;

/** What an {@link Authenticator} found out. */
public sealed interface Authentication {

  /** It is this person. */
  record Known(Person person) implements Authentication {}

  /** It is nobody who may come in, or it cannot be found out now. */
  record Refused(Refusal refusal) implements Authentication {}

  /**
   * More is asked of the person.
   *
   * @param id names the challenge in the answer; letters, digits, '-' and '_'
   * @param question for the person
   * @param echo whether the answer may be seen while it is typed
   */
  record Challenged(String id, String question, boolean echo) implements Authentication {}
}
