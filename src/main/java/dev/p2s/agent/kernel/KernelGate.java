package dev.p2s.agent.kernel;

import dev.p2s.dataplane.kernel.Grant;
import dev.p2s.dataplane.kernel.NetdCommand;
import dev.p2s.dataplane.kernel.NetdReply;
import dev.p2s.dataplane.kernel.PacketCount;
import java.io.IOException;
import java.util.List;

/** What the kernel lets through, as netd sets it. */
@FunctionalInterface
public interface KernelGate {

  /**
   * @throws IOException where netd cannot be reached
   */
  NetdReply ask(NetdCommand command) throws IOException;

  /**
   * Carries out a command.
   *
   * @throws IOException where it is not in force; the message says why, for a person
   */
  default void require(NetdCommand command) throws IOException {
    NetdReply reply = ask(command);
    if (!reply.done()) {
      throw new IOException(reply.problem());
    }
  }

  /** The grants that the kernel holds. */
  default List<Grant> grants() throws IOException {
    NetdReply reply = ask(new NetdCommand.ListGrants());
    if (!reply.done()) {
      throw new IOException(reply.problem());
    }
    return reply.grants();
  }

  /** What the kernel has forwarded under each grant. */
  default List<PacketCount> packets() throws IOException {
    NetdReply reply = ask(new NetdCommand.CountPackets());
    if (!reply.done()) {
      throw new IOException(reply.problem());
    }
    return reply.packets();
  }
}
