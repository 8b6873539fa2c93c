package dev.p2s.dataplane.kernel;

import java.util.List;

/**
 * netd's answer to one command, in the order of the commands.
 *
 * @param done whether the kernel follows the command
 * @param problem what is in the way and what to do about it, for a person; empty where done
 * @param grants the grants that the kernel holds, where they were asked for
 */
public record NetdReply(boolean done, String problem, List<Grant> grants) {
  public NetdReply {
    problem = problem == null ? "" : problem;
    grants = grants == null ? List.of() : List.copyOf(grants);
  }

  /** The command is in force. */
  public static NetdReply success() {
    return new NetdReply(true, "", List.of());
  }

  /** The command is in force, and these are the grants. */
  public static NetdReply of(List<Grant> grants) {
    return new NetdReply(true, "", grants);
  }

  /** The command is not in force. */
  public static NetdReply failure(String problem) {
    return new NetdReply(false, problem, List.of());
  }
}
