package dev.p2s.agent;

import dev.p2s.agent.radius.ChapRelay;
import dev.p2s.agent.radius.RadiusServers;
import dev.p2s.agent.radius.RelayedEap;
import dev.p2s.agent.session.SessionTable;
import dev.p2s.agent.sstp.EndpointLine;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.function.Consumer;

/** All that the agent has of SSTP: its line to the endpoint, its relays to RADIUS, and its door. */
final class SstpGateway implements AutoCloseable {

  private final EndpointLine line;
  private final ChapRelay chap;
  private final RelayedEap eap;
  private final SstpDoor door;

  /**
   * @param run the directory that the pod's containers share
   * @param place told how the endpoint's place is used
   * @param loop runs something on the agent's own thread
   */
  SstpGateway(
      Path run,
      SessionTable table,
      PolicyPoint policy,
      PasswordLogins passwords,
      RadiusServers radius,
      Consumer<SstpPlace> place,
      Consumer<Runnable> loop,
      Clock clock,
      SecureRandom random) {
    this.line = new EndpointLine(run);
    this.chap = new ChapRelay(radius, clock);
    this.eap =
        new RelayedEap(
            radius,
            new EapDoor(policy, call -> door().seatOf(call), loop),
            loop::accept,
            clock,
            random);
    this.door =
        new SstpDoor(
            table,
            policy,
            line,
            new SstpLogins(table, policy, passwords, chap, eap, loop, line::send),
            place,
            loop,
            clock);
  }

  SstpDoor door() {
    return door;
  }

  @Override
  public void close() {
    line.close();
    chap.close();
    eap.close();
  }
}
