package dev.p2s.netd;

import dev.p2s.dataplane.kernel.NetdCommand;
import dev.p2s.dataplane.kernel.NetdReply;
import java.io.IOException;

/** Carries out one command at a time. */
final class CommandExecutor {

  private final PodKernel kernel;
  private final TrafficShaper shaper;
  private final PacketCounters counters;

  CommandExecutor(PodKernel kernel, TrafficShaper shaper, PacketCounters counters) {
    this.kernel = kernel;
    this.shaper = shaper;
    this.counters = counters;
  }

  synchronized NetdReply execute(NetdCommand command) {
    try {
      switch (command) {
        case NetdCommand.Configure configure -> kernel.configure(configure);
        case NetdCommand.Permit permit -> kernel.permit(permit.grants());
        case NetdCommand.Forbid forbid -> kernel.forbid(forbid.addresses());
        case NetdCommand.Shape shape -> shaper.shape(shape);
        case NetdCommand.ListGrants list -> {
          return NetdReply.of(kernel.grants());
        }
        case NetdCommand.CountPackets count -> {
          return NetdReply.counted(counters.read());
        }
        case NetdCommand.Ping ping -> {}
      }
      return NetdReply.success();
    } catch (IOException e) {
      return NetdReply.failure(e.getMessage());
    }
  }
}
