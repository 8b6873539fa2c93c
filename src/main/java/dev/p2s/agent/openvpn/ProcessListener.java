package dev.p2s.agent.openvpn;

import dev.p2s.dataplane.kernel.ProcessSlot;
import java.util.List;

/** What is told about one openvpn process, in the order in which it happens. */
public interface ProcessListener {

  /**
   * The process answers.
   *
   * @param daemon its id and start time
   * @param rows its clients
   */
  void attached(ProcessSlot slot, String daemon, List<ServerStatus.Row> rows);

  void event(ProcessSlot slot, ManagementMessage message);

  /** The process has gone, or its socket has. */
  void detached(ProcessSlot slot);
}
