package dev.p2s.agent;

import dev.p2s.agent.ikev2.Ikev2Gateway;
import dev.p2s.agent.radius.Accounting;
import dev.p2s.agent.radius.DisconnectDesk;
import dev.p2s.agent.radius.DisconnectRequest.Verdict;
import dev.p2s.agent.radius.RadiusDesk;
import dev.p2s.agent.radius.RadiusServers;
import dev.p2s.agent.session.Ending;
import dev.p2s.agent.session.Session;
import dev.p2s.agent.session.SessionTable;
import dev.p2s.agent.state.StateBundle;
import dev.p2s.dataplane.AgentReport;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;

/**
 * What the agent has to do with the customer's RADIUS servers beside asking them about passwords:
 * EAP passes through, sessions are accounted and end on a server's word. Used on the agent's loop
 * only.
 */
final class RadiusSide implements AutoCloseable {

  private final RadiusServers servers;
  private final SessionTable table;
  private final PolicyPoint policy;
  private final RadiusDesk desk;
  private final Accounting accounting;
  private final DisconnectDesk disconnects;

  /**
   * @param loop runs something on the agent's own thread
   */
  RadiusSide(
      AgentConfiguration configuration,
      RadiusServers servers,
      SessionTable table,
      PolicyPoint policy,
      Ikev2Door ikev2,
      Ikev2Gateway charon,
      RejoinPasses passes,
      Consumer<Runnable> loop,
      Clock clock,
      SecureRandom random) {
    this.servers = servers;
    this.table = table;
    this.policy = policy;
    this.desk =
        new RadiusDesk(
            servers,
            new EapDoor(policy, ikev2::seatOf, loop),
            charon.charon()::radiusSecret,
            clock,
            random);
    this.accounting =
        new Accounting(configuration.own().resolve("accounting.json"), servers, clock, random);
    policy.tell(accounting);
    this.disconnects =
        new DisconnectDesk(
            servers,
            (judge, then) -> loop.accept(() -> disconnect(judge.apply(table.all()), passes, then)),
            clock,
            random);
  }

  void start() {
    accounting.start();
  }

  void follow(StateBundle bundle) {
    servers.follow(bundle);
    desk.follow(bundle.state());
    accounting.follow();
    disconnects.follow();
  }

  private void disconnect(Verdict verdict, RejoinPasses passes, Consumer<Verdict> then) {
    if (verdict instanceof Verdict.End(List<Session> sessions)) {
      // whoever the server has sent away shall ask it before they are in again
      passes.sendAway(sessions.stream().map(session -> session.credential().user()).toList());
      sessions.forEach(session -> policy.evict(session, Ending.DISCONNECTED_BY_RADIUS));
      policy.afterwards(() -> then.accept(verdict));
    } else {
      then.accept(verdict);
    }
  }

  /** What is known of each server. */
  List<AgentReport.RadiusReach> reach() {
    return servers.reach();
  }

  void tick() {
    accounting.tick(table.all(), policy.traffic());
  }

  @Override
  public void close() {
    disconnects.close();
    accounting.close();
    desk.close();
    servers.close();
  }
}
