package dev.p2s.dataplane.kernel;

import java.util.List;

/**
 * netd's answer to one command, in the order of the commands.
 *
 * @param done whether the kernel follows the command
 * @param problem what is in the way and what to do about it, for a person; empty where done
 * @param grants the grants that the kernel holds, where they were asked for
 * @param packets what has passed under each, where that was asked for
 */
public record NetdReply(
    boolean done, String problem, List<Grant> grants, List<PacketCount> packets) {
  public NetdReply {
    problem = problem == null ? "" : problem;
    grants = grants == null ? List.of() : List.copyOf(grants);
    packets = packets == null ? List.of() : List.copyOf(packets);
  }

  /** The command is in force. */
  public static NetdReply success() {
    return new NetdReply(true, "", List.of(), List.of());
  }

  /** The command is in force, and these are the grants. */
  public static NetdReply of(List<Grant> grants) {
    return new NetdReply(true, "", grants, List.of());
  }

  /** The command is in force, and so much has passed. */
  public static NetdReply counted(List<PacketCount> packets) {
    return new NetdReply(true, "", List.of(), packets);
  }

  /** The command is not in force. */
  public static NetdReply failure(String problem) {
    return new NetdReply(false, problem, List.of(), List.of());
  }
}
