package dev.p2s.agent.session;

/** How a session ended, whoever ended it. */
public enum Ending {
  DISCONNECTED("disconnected"),
  /** Its client has begun anew before the server knew that it had gone. */
  DIALLED_AGAIN("dialled again"),
  /** It is not at its server any more, and nobody was there to see it go. */
  LOST("lost while the agent was away"),
  TOOK_ANOTHER_ADDRESS("took another address"),
  NEVER_COMPLETED("never completed"),
  /** The state or its login's end speaks against it. */
  REFUSED("refused"),
  LASTED_AS_LONG_AS_IT_MAY("lasted as long as a session may"),
  IDLE("no packet for as long as a session may be idle"),
  DISCONNECTED_BY_AN_OPERATOR("disconnected by an operator"),
  DISCONNECTED_BY_RADIUS("disconnected by a RADIUS server"),
  REPLACED("the same user has connected once more"),
  POOLS_CHANGED("address pools changed"),
  ROUTES_CHANGED("routes changed"),
  SERVER_ENDED("server ended"),
  SERVER_REPLACED("server replaced"),
  MOVED("its client has moved to another pod"),
  POD_LEAVES("its pod leaves"),
  POD_ENDED("its pod has ended");

  private final String words;

  Ending(String words) {
    this.words = words;
  }

  /** As the audit log says it. */
  @Override
  public String toString() {
    return words;
  }
}
