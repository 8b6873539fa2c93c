package dev.p2s.agent;

import dev.p2s.agent.ikev2.CharonListener;
import dev.p2s.agent.ikev2.CharonPools;
import dev.p2s.agent.ikev2.IkeConnection;
import dev.p2s.agent.ikev2.Ikev2Gateway;
import dev.p2s.agent.session.ClientCertificate;
import dev.p2s.agent.session.Ending;
import dev.p2s.agent.session.Refusal;
import dev.p2s.agent.session.Session;
import dev.p2s.agent.session.Session.Seat;
import dev.p2s.agent.session.SessionTable;
import dev.p2s.agent.state.StateBundle;
import dev.p2s.api.v1alpha1.TunnelType;
import dev.p2s.dataplane.ikev2.EspPlace;
import dev.p2s.dataplane.ikev2.Ikev2Server;
import dev.p2s.dataplane.kernel.ProcessSlot;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * IKEv2's way to the policy point: what happens at charon becomes arrivals and ends. Called on the
 * agent's loop only.
 */
final class Ikev2Door implements Evictor {

  private static final Logger LOG = Logger.getLogger(Ikev2Door.class);
  private static final Duration COUNT_EVERY = Duration.ofSeconds(10);
  private static final Refusal UNKNOWN =
      new Refusal(
          Refusal.Reason.NOT_READY, "This gateway does not know your certificate yet. Try again.");

  private final SessionTable table;
  private final PolicyPoint policy;
  private final Ikev2Gateway ikev2;
  private final PodShare share;
  private final ReturningClients returning;
  private final Consumer<EspPlace> device;
  private final Consumer<Runnable> loop;
  private final Clock clock;

  private Instant counted = Instant.EPOCH;
  private String life = "";
  private Set<Long> withoutSession = Set.of();

  /**
   * @param device told where charon encrypts whenever it answers, and null when it has gone
   * @param loop runs something on the agent's own thread
   */
  Ikev2Door(
      SessionTable table,
      PolicyPoint policy,
      Ikev2Gateway ikev2,
      PodShare share,
      ReturningClients returning,
      Consumer<EspPlace> device,
      Consumer<Runnable> loop,
      Clock clock) {
    this.table = table;
    this.policy = policy;
    this.ikev2 = ikev2;
    this.share = share;
    this.returning = returning;
    this.device = device;
    this.loop = loop;
    this.clock = clock;
  }

  void follow(StateBundle bundle) {
    ikev2.follow(bundle, new PostedEvents());
    offer();
  }

  /** Once in a while: addresses ahead of need, and who is there. */
  void tick(Instant now) {
    ikev2.retry();
    offer();
    if (!life.isEmpty() && Duration.between(counted, now).compareTo(COUNT_EVERY) >= 0) {
      counted = now;
      ikev2.charon().count(life);
    }
  }

  @Override
  public void evict(Seat seat) {
    if (seat.daemon().equals(life)) {
      ikev2.charon().terminate(seat.client());
    }
  }

  @Override
  public boolean redirects(Seat seat) {
    List<String> addresses = share.elsewhere();
    if (!addresses.isEmpty() && seat.daemon().equals(life)) {
      ikev2.charon().redirect(seat.client(), Ikev2Arrival.choose(seat, addresses));
    }
    return true;
  }

  @Override
  public boolean answers(Seat seat) {
    return seat.daemon().equals(life);
  }

  /** The seat of charon's number of a client; empty while charon is not known. */
  Optional<Seat> seatOf(long number) {
    return life.isEmpty() ? Optional.empty() : Optional.of(seat(number));
  }

  /** What keeps IKEv2 from following the state, for a person; empty where it does. */
  String problem() {
    return ikev2.problem();
  }

  private void attached(
      String which, EspPlace place, List<IkeConnection> connections, CharonPools pools) {
    life = which;
    device.accept(place);
    ikev2.attached(place, pools);
    Map<Long, IkeConnection> byId =
        connections.stream()
            .collect(Collectors.toMap(IkeConnection::id, Function.identity(), (a, b) -> a));
    for (Session session : sessions()) {
      IkeConnection connection = byId.get(session.seat().client());
      boolean same = session.seat().daemon().equals(life) && connection != null;
      if (same && connection.address().filter(session.address()::equals).isPresent()) {
        policy.traffic().established(session);
      } else if (same) {
        policy.evict(session, Ending.LOST);
      } else {
        policy.end(session, Ending.LOST);
      }
    }
    for (IkeConnection connection : connections) {
      if (table.at(seat(connection.id())).isEmpty()) {
        // It was announced to nobody: it shall dial anew.
        ikev2.charon().terminate(connection.id());
      }
    }
    offer();
  }

  private void tunnelUp(IkeConnection connection) {
    List<ClientCertificate> shown = ikev2.shownBy(connection.identity(), clock.instant());
    connection.address().ifPresent(address -> returning.given(address, shown));
    Seat seat = seat(connection.id());
    Optional<Session> session = table.at(seat);
    if (session.isPresent()) {
      meet(session.get(), connection);
      return;
    }
    if (connection.configuration().equals(Ikev2Server.RADIUS)) {
      // it was let in, and its session has ended while its handshake did
      ikev2.charon().terminate(connection.id());
      return;
    }
    Ikev2Arrival arrival =
        new Ikev2Arrival(
            seat,
            connection.clientAddress(),
            ikev2.charon(),
            share.elsewhere(),
            policy.traffic()::established);
    if (shown.isEmpty() || connection.address().isEmpty()) {
      LOG.warnf("an IKEv2 client is sent away: what it has shown is not known here");
      policy.refuse(arrival, null, UNKNOWN);
      return;
    }
    // Certificates of one name cannot be told apart here: all of them have to be welcome.
    Optional<ClientCertificate> unwelcome =
        shown.stream().filter(one -> policy.objection(one).isPresent()).findFirst();
    policy.adopt(
        arrival, unwelcome.orElse(shown.getLast()), connection.address().get(), connection.ipv6());
    offer();
  }

  /** A client whose session began in its handshake has its tunnel. */
  private void meet(Session session, IkeConnection connection) {
    if (connection.address().filter(session.address()::equals).isPresent()) {
      policy.traffic().established(session);
    } else {
      policy.evict(session, Ending.TOOK_ANOTHER_ADDRESS);
    }
  }

  private void down(IkeConnection connection) {
    table.at(seat(connection.id())).ifPresent(session -> policy.end(session, Ending.DISCONNECTED));
  }

  private void renumbered(long before, IkeConnection connection) {
    table.at(seat(before)).ifPresent(session -> policy.move(session, seat(connection.id())));
  }

  private void counted(String which, List<IkeConnection> connections) {
    if (!which.equals(life)) {
      return;
    }
    Set<Long> strangers = new HashSet<>();
    for (IkeConnection connection : connections) {
      Optional<Session> session = table.at(seat(connection.id()));
      if (session.isPresent()) {
        policy.traffic().count(session.get(), connection.bytesIn(), connection.bytesOut());
      } else if (connection.established()) {
        strangers.add(connection.id());
      }
    }
    // One that has no session at two counts in a row will not have one: its tunnel was refused.
    strangers.stream().filter(withoutSession::contains).forEach(ikev2.charon()::terminate);
    withoutSession = strangers;
    Set<Long> there = connections.stream().map(IkeConnection::id).collect(Collectors.toSet());
    for (Session session : sessions()) {
      boolean gone =
          session.seat().daemon().equals(life) && !there.contains(session.seat().client());
      // one that has just begun may be younger than the count
      boolean young = clock.millis() - session.sinceMillis() < COUNT_EVERY.toMillis();
      if (gone && (policy.traffic().isEstablished(session) || !young)) {
        policy.end(session, Ending.DISCONNECTED);
      }
    }
  }

  private void detached() {
    life = "";
    device.accept(null);
    ikev2.detached();
  }

  private void offer() {
    policy
        .state()
        .ifPresent(
            state ->
                ikev2.offer(
                    state, policy.pools(), share::allows, share.holding().connections(), table));
  }

  private List<Session> sessions() {
    return table.all().stream()
        .filter(session -> session.seat().protocol() == TunnelType.IKEv2)
        .toList();
  }

  private Seat seat(long client) {
    return new Seat(TunnelType.IKEv2, ProcessSlot.IKEV2, life, client);
  }

  /** What charon says, put on the agent's own thread. */
  private final class PostedEvents implements CharonListener {

    @Override
    public void attached(
        String which, EspPlace place, List<IkeConnection> connections, CharonPools pools) {
      loop.accept(() -> Ikev2Door.this.attached(which, place, connections, pools));
    }

    @Override
    public void comesIn(ClientCertificate certificate, Runnable letIn) {
      loop.accept(() -> returning.comesIn(certificate, letIn));
    }

    @Override
    public void tunnelUp(IkeConnection connection) {
      loop.accept(() -> Ikev2Door.this.tunnelUp(connection));
    }

    @Override
    public void down(IkeConnection connection) {
      loop.accept(() -> Ikev2Door.this.down(connection));
    }

    @Override
    public void renumbered(long before, IkeConnection connection) {
      loop.accept(() -> Ikev2Door.this.renumbered(before, connection));
    }

    @Override
    public void counted(String which, List<IkeConnection> connections) {
      loop.accept(() -> Ikev2Door.this.counted(which, connections));
    }

    @Override
    public void detached() {
      loop.accept(Ikev2Door.this::detached);
    }
  }
}
