package dev.p2s.agent;

import dev.p2s.addressing.Cidr;
import dev.p2s.agent.kernel.KernelGate;
import dev.p2s.agent.openvpn.ClientEnvironment;
import dev.p2s.agent.openvpn.ManagementCommands;
import dev.p2s.agent.openvpn.ManagementMessage.ByteCount;
import dev.p2s.agent.openvpn.ManagementMessage.ClientEvent;
import dev.p2s.agent.openvpn.ServerFleet;
import dev.p2s.agent.openvpn.ServerStatus;
import dev.p2s.agent.session.AddressPools;
import dev.p2s.agent.session.Admission;
import dev.p2s.agent.session.ClientCertificate;
import dev.p2s.agent.session.Decision;
import dev.p2s.agent.session.Refusal;
import dev.p2s.agent.session.Session;
import dev.p2s.agent.session.Session.Seat;
import dev.p2s.agent.session.SessionTable;
import dev.p2s.agent.session.SessionTraffic;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.kernel.ProcessSlot;
import dev.p2s.dataplane.kernel.TunnelAddress;
import dev.p2s.dataplane.openvpn.ClientSettings;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Where every connection is decided: what happens at the servers comes in, what the state says is
 * applied, and sessions begin and end. Called on the agent's loop only. The kernel is asked once a
 * batch, in {@link #flush}.
 */
final class PolicyPoint {

  private static final Logger LOG = Logger.getLogger(PolicyPoint.class);

  /** OpenVPN gives a client 60 seconds to finish its handshake. */
  private static final Duration ESTABLISH_WITHIN = Duration.ofSeconds(75);

  private static final Refusal NOT_READY =
      new Refusal(
          Refusal.Reason.NOT_READY, "This gateway cannot let anybody in just now. Try again.");
  private static final Refusal NO_CERTIFICATE =
      new Refusal(
          Refusal.Reason.NO_CERTIFICATE,
          "This gateway asks for a client certificate, and none was shown.");

  private final SessionTable table;
  private final SessionChanges changes;
  private final SessionTraffic traffic;
  private final ServerFleet fleet;
  private final AuditLog audit;
  private final AgentMeters meters;
  private final Clock clock;
  private final Supplier<String> ids;

  private GatewayState state;
  private AddressPools pools = new AddressPools(List.of());

  PolicyPoint(
      SessionTable table,
      KernelGate gate,
      ServerFleet fleet,
      AuditLog audit,
      AgentMeters meters,
      Clock clock,
      Supplier<String> ids) {
    this.table = table;
    this.fleet = fleet;
    this.audit = audit;
    this.meters = meters;
    this.clock = clock;
    this.ids = ids;
    this.traffic = new SessionTraffic(meters::bytes);
    this.changes = new SessionChanges(table, gate, fleet);
  }

  /** From now on this state decides, on the sessions that there are too. */
  void follow(GatewayState next) {
    state = next;
    pools = new AddressPools(next.clientAddressPools());
    for (Session session : table.all()) {
      Optional<Refusal> objection = Admission.objection(session.credential(), next);
      if (objection.isPresent()) {
        meters.refused(objection.get());
        end(session, "refused", objection.get(), true);
      } else if (pools.poolOf(session.address()).isEmpty()) {
        end(session, "address pools changed", null, true);
      }
    }
  }

  /** A process answers: what is known of its clients is compared with what it has. */
  void attached(ProcessSlot slot, String daemon, List<ServerStatus.Row> rows) {
    var byClient =
        rows.stream().collect(Collectors.toMap(ServerStatus.Row::client, Function.identity()));
    for (Session session : table.of(slot)) {
      ServerStatus.Row row = byClient.get(session.seat().client());
      boolean same = session.seat().daemon().equals(daemon) && row != null;
      if (!same || !row.virtualAddress().equals(session.address().toString())) {
        end(session, "lost while the agent was away", null, same);
      } else {
        traffic.established(session);
      }
    }
    for (ServerStatus.Row row : rows) {
      boolean known = table.at(new Seat(slot, daemon, row.client())).isPresent();
      if (!known && row.announced()) {
        // It was announced to nobody and never will be again: it shall dial anew.
        fleet.send(slot, ManagementCommands.restart(row.client()));
      }
    }
  }

  /** A place has no process any more; its tun device has no reader, so nothing passes. */
  void vacated(ProcessSlot slot) {
    table.of(slot).forEach(session -> end(session, "server ended", null, false));
  }

  void event(ProcessSlot slot, ClientEvent event) {
    ClientEnvironment client = new ClientEnvironment(event.environment());
    Seat seat = new Seat(slot, client.daemon(), event.client());
    switch (event.kind()) {
      case CONNECT -> connect(seat, event.key(), client);
      case REAUTH -> renew(seat, event.key(), client);
      case ESTABLISHED -> table.at(seat).ifPresent(traffic::established);
      case DISCONNECT -> table.at(seat).ifPresent(session -> left(session, client));
    }
  }

  void bytes(ProcessSlot slot, ByteCount count) {
    fleet
        .daemon(slot)
        .flatMap(daemon -> table.at(new Seat(slot, daemon, count.client())))
        .ifPresent(session -> traffic.count(session, count.in(), count.out()));
  }

  /** Ends a session on somebody's word; false where there is none of that id. */
  boolean disconnect(String id) {
    Optional<Session> session = table.withId(id);
    session.ifPresent(s -> end(s, "disconnected by an operator", null, true));
    return session.isPresent();
  }

  /** Makes the clients of a process dial again. */
  void moveAway(ProcessSlot slot) {
    table.of(slot).forEach(session -> end(session, "server replaced", null, true));
  }

  void tick() {
    for (Session session : table.all()) {
      boolean late = clock.millis() - session.sinceMillis() > ESTABLISH_WITHIN.toMillis();
      if (late
          && !traffic.isEstablished(session)
          && fleet.daemon(session.seat().slot()).isPresent()) {
        end(session, "never completed", null, true);
      }
    }
  }

  /** Makes the kernel's grants those of the sessions; what it has beyond them goes. */
  void adoptKernel() throws IOException {
    changes.adopt();
  }

  void flush() {
    changes.flush(
        session -> {
          meters.admitted();
          audit.admitted(session);
        },
        (session, problem) -> {
          LOG.warnf("a connection is refused for now: %s", problem);
          meters.refused(NOT_READY);
          audit.refused(session.credential(), session.clientAddress(), NOT_READY);
        });
  }

  SessionTraffic traffic() {
    return traffic;
  }

  private void connect(Seat seat, long key, ClientEnvironment client) {
    table.at(seat).ifPresent(old -> end(old, "dialled again", null, false));
    Optional<ClientCertificate> credential = client.certificate();
    Decision decision =
        credential.isEmpty()
            ? new Decision.Refuse(NO_CERTIFICATE)
            : state == null
                ? new Decision.Refuse(NOT_READY)
                : Admission.decide(
                    credential.get(), state, changes.liveSessions(), pools, changes::isTaken);
    switch (decision) {
      case Decision.Refuse(Refusal refusal) ->
          refuse(seat, key, client, credential.orElse(null), refusal);
      case Decision.Admit(TunnelAddress address) -> {
        Session session =
            new Session(
                ids.get(),
                credential.orElseThrow(),
                client.clientAddress(),
                address,
                clock.millis(),
                seat);
        changes.begin(
            session,
            ManagementCommands.admit(seat.client(), key, settings(address)),
            ManagementCommands.refuse(
                seat.client(), key, NOT_READY, client.understandsTemporary()));
      }
    }
  }

  private void left(Session session, ClientEnvironment client) {
    client.bytes().ifPresent(total -> traffic.count(session, total.in(), total.out()));
    end(session, "disconnected", null, false);
  }

  private List<String> settings(TunnelAddress address) {
    Cidr pool = pools.poolOf(address).orElseThrow();
    return ClientSettings.render(state, address, pool, AddressPools.gatewayOf(pool));
  }

  private void renew(Seat seat, long key, ClientEnvironment client) {
    Optional<Session> session = table.at(seat);
    if (session.isEmpty() || state == null) {
      fleet.send(seat.slot(), ManagementCommands.restart(seat.client()));
      return;
    }
    Optional<Refusal> objection =
        client
            .certificate()
            .map(credential -> Admission.objection(credential, state))
            .orElse(Optional.of(NO_CERTIFICATE));
    if (objection.isEmpty()) {
      fleet.send(seat.slot(), ManagementCommands.renew(seat.client(), key));
      return;
    }
    end(session.get(), "refused", objection.get(), false);
    refuse(seat, key, client, session.get().credential(), objection.get());
  }

  private void refuse(
      Seat seat, long key, ClientEnvironment client, ClientCertificate credential, Refusal why) {
    meters.refused(why);
    audit.refused(credential, client.clientAddress(), why);
    changes.say(
        seat.slot(),
        ManagementCommands.refuse(seat.client(), key, why, client.understandsTemporary()));
  }

  /**
   * @param kill whether the server still has the client and must let it go
   */
  private void end(Session session, String how, Refusal refusal, boolean kill) {
    audit.ended(session, traffic.of(session), how, refusal);
    traffic.forget(session);
    changes.end(session);
    if (kill) {
      changes.say(session.seat().slot(), ManagementCommands.restart(session.seat().client()));
    }
  }
}
