package dev.p2s.dataplane.kernel;

import dev.p2s.dataplane.JsonLines;

/** What the agent and netd say to each other. */
public final class NetdWire {

  /** Where netd listens, below the pod's run directory. */
  public static final String SOCKET = "netd/netd.sock";

  private final JsonLines lines = new JsonLines();

  public byte[] write(NetdCommand command) {
    return lines.write(command, NetdCommand.class);
  }

  public byte[] write(NetdReply reply) {
    return lines.write(reply, NetdReply.class);
  }

  /**
   * @throws IllegalArgumentException where the line is no command; the message shows none of it
   */
  public NetdCommand readCommand(String line) {
    return lines.read(line, NetdCommand.class);
  }

  /**
   * @throws IllegalArgumentException where the line is no reply; the message shows none of it
   */
  public NetdReply readReply(String line) {
    return lines.read(line, NetdReply.class);
  }
}
