package dev.p2s.agent.openvpn;

import dev.p2s.dataplane.kernel.ProcessSlot;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The lines to all openvpn processes of the pod, and which of them answer. */
public class ServerFleet implements AutoCloseable {

  private final ProcessListener listener;
  private final Map<ProcessSlot, ManagementClient> clients = new HashMap<>();
  private final Map<ProcessSlot, Path> sockets = new HashMap<>();
  private final Map<ProcessSlot, String> daemons = new HashMap<>();

  public ServerFleet(ProcessListener listener) {
    this.listener = listener;
  }

  /** Makes these the processes that are dialled. */
  public void follow(Map<ProcessSlot, Path> wanted) {
    for (ProcessSlot slot : new HashSet<>(clients.keySet())) {
      if (!sockets.get(slot).equals(wanted.get(slot))) {
        clients.remove(slot).close();
        sockets.remove(slot);
        daemons.remove(slot);
      }
    }
    wanted.forEach(
        (slot, socket) -> {
          if (!clients.containsKey(slot)) {
            ManagementClient client = new ManagementClient(slot, socket, listener);
            clients.put(slot, client);
            sockets.put(slot, socket);
            client.start();
          }
        });
  }

  public void attached(ProcessSlot slot, String daemon) {
    if (clients.containsKey(slot)) {
      daemons.put(slot, daemon);
    }
  }

  public void detached(ProcessSlot slot) {
    daemons.remove(slot);
  }

  /** The processes that answer. */
  public Set<ProcessSlot> live() {
    return Set.copyOf(daemons.keySet());
  }

  /** Which daemon answers in a place; empty where none does. */
  public Optional<String> daemon(ProcessSlot slot) {
    return Optional.ofNullable(daemons.get(slot));
  }

  public void send(ProcessSlot slot, String commands) {
    ManagementClient client = clients.get(slot);
    if (client != null) {
      client.send(commands);
    }
  }

  @Override
  public void close() {
    clients.values().forEach(ManagementClient::close);
  }
}
