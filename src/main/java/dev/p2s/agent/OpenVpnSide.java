package dev.p2s.agent;

import dev.p2s.agent.openvpn.ManagementMessage;
import dev.p2s.agent.openvpn.ManagementMessage.Answer;
import dev.p2s.agent.openvpn.ManagementMessage.ByteCount;
import dev.p2s.agent.openvpn.ManagementMessage.ClientEvent;
import dev.p2s.agent.openvpn.ProcessListener;
import dev.p2s.agent.openvpn.ServerFleet;
import dev.p2s.agent.openvpn.ServerStatus;
import dev.p2s.agent.session.SessionTable;
import dev.p2s.agent.state.StateBundle;
import dev.p2s.agent.weblogin.WebLogins;
import dev.p2s.dataplane.kernel.ProcessSlot;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * The agent's side of the openvpn processes: the line to each, the door that their clients come to,
 * and what people log in with beside passwords. But for {@link #close} called on the agent's loop.
 */
final class OpenVpnSide implements AutoCloseable {

  private final ServerFleet fleet;
  private final RejoinPasses passes;
  private final BrowserLogins browsers;
  private final OpenVpnDoor door;

  /**
   * @param web logins with a browser
   * @param loop the agent's
   * @param steer run where a process has come or gone
   */
  OpenVpnSide(
      AgentConfiguration configuration,
      WebLogins web,
      SessionTable table,
      PolicyPoint policy,
      PasswordLogins logins,
      Executor loop,
      Runnable steer,
      Clock clock,
      SecureRandom random) {
    this.fleet = new ServerFleet(new PostedEvents(loop, steer));
    this.passes = new RejoinPasses(configuration.own().resolve("sent-away.json"), random, clock);
    this.browsers = new BrowserLogins(web, configuration.own(), table, policy, loop, clock);
    this.door = new OpenVpnDoor(table, policy, logins, browsers, fleet, passes, clock);
  }

  /** The line to each process. */
  ServerFleet fleet() {
    return fleet;
  }

  /** What people come back with. */
  RejoinPasses passes() {
    return passes;
  }

  /** Takes up what an earlier agent of this pod knew. */
  void start() {
    passes.load();
  }

  void follow(StateBundle bundle) {
    door.follow(bundle);
  }

  void tick() {
    browsers.tick();
  }

  @Override
  public void close() {
    fleet.close();
  }

  /** What the servers say, put on the agent's own thread. */
  private final class PostedEvents implements ProcessListener {

    private final Executor loop;
    private final Runnable steer;

    PostedEvents(Executor loop, Runnable steer) {
      this.loop = loop;
      this.steer = steer;
    }

    @Override
    public void attached(ProcessSlot slot, String daemon, List<ServerStatus.Row> rows) {
      loop.execute(
          () -> {
            fleet.attached(slot, daemon);
            door.attached(slot, daemon, rows);
            steer.run();
          });
    }

    @Override
    public void event(ProcessSlot slot, ManagementMessage message) {
      switch (message) {
        case ClientEvent event -> loop.execute(() -> door.event(slot, event));
        case ByteCount count -> loop.execute(() -> door.bytes(slot, count));
        case Answer answer -> {}
      }
    }

    @Override
    public void detached(ProcessSlot slot) {
      loop.execute(
          () -> {
            fleet.detached(slot);
            steer.run();
          });
    }
  }
}
