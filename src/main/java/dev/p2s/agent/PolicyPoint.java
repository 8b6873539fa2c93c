package dev.p2s.agent;

import dev.p2s.addressing.Cidr;
import dev.p2s.agent.kernel.KernelGate;
import dev.p2s.agent.session.AddressPools;
import dev.p2s.agent.session.Admission;
import dev.p2s.agent.session.Credential;
import dev.p2s.agent.session.Decision;
import dev.p2s.agent.session.Ending;
import dev.p2s.agent.session.GroupChoice;
import dev.p2s.agent.session.GroupPools;
import dev.p2s.agent.session.Person;
import dev.p2s.agent.session.Refusal;
import dev.p2s.agent.session.RevocationLists;
import dev.p2s.agent.session.Session;
import dev.p2s.agent.session.Session.Seat;
import dev.p2s.agent.session.SessionTable;
import dev.p2s.agent.session.SessionTraffic;
import dev.p2s.agent.session.SessionWitness;
import dev.p2s.agent.session.TrustedChains;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.PolicyGroup;
import dev.p2s.dataplane.SkuColumn;
import dev.p2s.dataplane.kernel.TunnelAddress;
import java.io.IOException;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Where every connection is decided, of whatever protocol: its adapters bring who arrives with what
 * credential, what the state says is applied, and sessions begin and end. Called on the agent's
 * loop only. The kernel is asked once a batch, in {@link #flush}.
 */
final class PolicyPoint {

  private static final Logger LOG = Logger.getLogger(PolicyPoint.class);

  private final SessionTable table;
  private final SessionChanges changes;
  private final SessionTraffic traffic;
  private final Evictor servers;
  private final SessionNews news;
  private final Clock clock;
  private final Supplier<String> ids;
  private final PodShares shares;
  private final SessionTimes times;
  private final PacketCounting packets;
  private final RouteNews routes;
  private final AwaitedAddresses awaited;

  private GatewayState state;
  private GroupPools pools = GroupPools.NONE;
  private TrustedChains chains = TrustedChains.NONE;
  private RevocationLists lists = RevocationLists.NONE;
  private Predicate<TunnelAddress> reserved = address -> false;

  PolicyPoint(
      SessionTable table,
      KernelGate gate,
      Evictor servers,
      AuditLog audit,
      AgentMeters meters,
      Clock clock,
      Supplier<String> ids,
      PodShares shares,
      AwaitedAddresses awaited) {
    this.table = table;
    this.servers = servers;
    this.news = new SessionNews(audit, meters);
    this.clock = clock;
    this.ids = ids;
    this.shares = shares;
    this.awaited = awaited;
    this.traffic = new SessionTraffic(meters::bytes);
    this.changes = new SessionChanges(table, gate);
    this.times = new SessionTimes(table, traffic, this, servers, clock);
    this.packets = new PacketCounting(table, traffic, gate, clock);
    this.routes = new RouteNews(table, this, clock);
  }

  /** From now on this state decides, on the sessions that there are too. */
  void follow(GatewayState next) {
    state = next;
    pools = GroupPools.of(next);
    chains = TrustedChains.of(next);
    shares.follow(next);
    routes.follow(next);
    for (Session session : table.all()) {
      Optional<Refusal> objection = objection(session.credential());
      if (objection.isPresent()) {
        expel(session, objection.get());
      } else if (!regroup(session, session.credential())) {
        evict(session, Ending.POOLS_CHANGED);
      }
    }
    awaited.follow(next, shares::allow);
  }

  /**
   * Puts a session into the group that its credential belongs to now.
   *
   * @return whether it may keep its address there
   */
  private boolean regroup(Session session, Credential credential) {
    Optional<PolicyGroup> group = GroupChoice.of(credential, state.groups());
    if (!pools.hold(group, session)) {
      return false;
    }
    Session now = session.with(credential).in(group);
    if (!Objects.equals(now.group(), session.group())) {
      changes.regroup(now);
    } else if (!credential.equals(session.credential())) {
      changes.replace(now);
    }
    return true;
  }

  /** From now on these lists count, for the sessions that there are too. */
  void follow(RevocationLists next) {
    lists = next;
    state().ifPresent(this::follow);
  }

  /** Addresses that some server gives away by itself are given to nobody else. */
  void reserve(Predicate<TunnelAddress> addresses) {
    reserved = addresses;
  }

  /** From now on somebody more is told what becomes of sessions. */
  void tell(SessionWitness witness) {
    news.tell(witness);
  }

  /** What the state holds against a credential; empty for nothing. */
  Optional<Refusal> objection(Credential credential) {
    return state == null
        ? Optional.of(Refusal.NOT_READY)
        : Admission.objection(chains.complete(credential), state, lists, clock.instant());
  }

  /** Somebody who has logged in just now: their login lasts as long as a session may. */
  Person forOneSession(Person person) {
    return times.forOneSession(person, state);
  }

  /** The gateway's own pools. */
  AddressPools pools() {
    return pools.gateway();
  }

  /** The server has the client under another number from now on. */
  void move(Session session, Seat seat) {
    changes.move(session, seat);
  }

  /** The state that decides; empty before there is one. */
  Optional<GatewayState> state() {
    return Optional.ofNullable(state);
  }

  /** Decides on somebody whose credential is known. */
  void admit(Arrival arrival, Credential credential) {
    table.at(arrival.seat()).ifPresent(old -> end(old, Ending.DIALLED_AGAIN));
    if (state == null) {
      refuse(arrival, credential, Refusal.NOT_READY);
      return;
    }
    Optional<TunnelAddress> last = lastOf(arrival, credential);
    SkuColumn column = SkuColumn.of(arrival.seat().protocol());
    if (last.isPresent() && shares.wouldNeed(last.get(), column, changes.liveSessions(column))) {
      awaited.await(arrival.seat(), last.get(), found -> admit(arrival, credential, found));
    } else {
      admit(arrival, credential, last);
    }
  }

  /** What somebody had at another pod lately. */
  private Optional<TunnelAddress> lastOf(Arrival arrival, Credential credential) {
    return objection(credential).isPresent()
        ? Optional.empty()
        : awaited.of(credential, arrival, address -> !changes.isTaken(address));
  }

  private void admit(Arrival arrival, Credential credential, Optional<TunnelAddress> wanted) {
    decide(
        arrival,
        credential,
        wanted,
        address -> pools.isTaken(address, changes::isTaken) || reserved.test(address),
        address -> pools.beside(address, arrival.seat().protocol()));
  }

  /** Whoever waited has hung up. */
  void hungUp(Seat seat) {
    awaited.forget(seat);
  }

  /**
   * Decides on somebody to whom the server has given one of the addresses reserved for it.
   *
   * @param ipv6 the IPv6 address that it has given too; empty where the client asked for none
   */
  void adopt(
      Arrival arrival, Credential credential, TunnelAddress given, Optional<TunnelAddress> ipv6) {
    if (changes.isBeginning(arrival.seat())) {
      return;
    }
    if (state == null) {
      refuse(arrival, credential, Refusal.NOT_READY);
      return;
    }
    decide(
        arrival,
        credential,
        Optional.empty(),
        address -> !address.equals(given) || !reserved.test(given) || changes.isTaken(given),
        address ->
            ipv6.filter(pools.all()::holdsIpv6)
                .filter(reserved)
                .filter(other -> !changes.isTaken(other)));
  }

  private void decide(
      Arrival arrival,
      Credential shown,
      Optional<TunnelAddress> wanted,
      Predicate<TunnelAddress> taken,
      Function<TunnelAddress, Optional<TunnelAddress>> ipv6) {
    Credential credential = chains.complete(shown);
    Optional<PolicyGroup> group = GroupChoice.of(credential, state.groups());
    SkuColumn column = SkuColumn.of(arrival.seat().protocol());
    PodShare share = shares.of(column);
    Decision decision =
        Admission.decide(
            credential,
            state,
            lists,
            clock.instant(),
            column,
            changes.liveSessions(column),
            share.holding(),
            share.hasSiblings(),
            pools.of(group),
            wanted,
            taken);
    switch (decision) {
      case Decision.Refuse(Refusal refusal) -> {
        if (refusal.reason() == Refusal.Reason.REPLICA_FULL) {
          share.turnedAway(changes.liveSessions(column), pools.of(group).ranges());
        }
        refuse(arrival, credential, refusal);
      }
      case Decision.Admit(TunnelAddress address) ->
          begin(arrival, credential, group, address, ipv6.apply(address));
    }
  }

  /**
   * Sends somebody away.
   *
   * @param credential what they have shown, or null where they have shown nothing
   */
  void refuse(Arrival arrival, Credential credential, Refusal why) {
    news.refused(arrival, credential, why);
    changes.say(() -> arrival.refuse(why));
  }

  /** A session's login was renewed; what the state holds against it ends the session. */
  Optional<Refusal> renew(Session session, Credential shown) {
    Credential newer = chains.complete(shown);
    Optional<Refusal> objection = objection(newer);
    return objection.isEmpty() && !regroup(session, newer)
        ? Optional.of(GroupChoice.OTHER_GROUP)
        : objection;
  }

  /** A session is over at its server already. */
  void end(Session session, Ending how) {
    end(session, how, null);
  }

  /** Ends a session whose server has yet to be told. */
  void evict(Session session, Ending how) {
    end(session, how, null);
    changes.say(() -> servers.evict(session.seat()));
  }

  /** Ends a session whose client shall not dial again by itself. */
  void dismiss(Session session, Ending how) {
    end(session, how, null);
    changes.say(() -> servers.dismiss(session.seat()));
  }

  /** Ends a session that may be no longer, and tells its server. */
  void expel(Session session, Refusal why) {
    over(session, why);
    changes.say(() -> servers.evict(session.seat()));
  }

  /** Ends a session that may be no longer and whose server is told otherwise. */
  void over(Session session, Refusal why) {
    end(session, Ending.REFUSED, why);
  }

  /** Done once the kernel has been told. */
  void afterwards(Runnable then) {
    changes.say(then);
  }

  /** Once a second. */
  void tick() {
    packets.tick();
    state().ifPresent(times::tick);
    routes.tick();
  }

  /** Makes the kernel's grants those of the sessions; what it has beyond them goes. */
  void adoptKernel() throws IOException {
    changes.adopt();
  }

  /** The kernel is told, then the servers. */
  void flush() {
    changes.flush(
        news::admitted,
        (session, problem) -> {
          LOG.warnf("a connection is refused for now: %s", problem);
          news.refused(session, Refusal.NOT_READY);
        });
  }

  /** What has passed for each session, which doors count and others read. */
  SessionTraffic traffic() {
    return traffic;
  }

  private void begin(
      Arrival arrival,
      Credential credential,
      Optional<PolicyGroup> group,
      TunnelAddress address,
      Optional<TunnelAddress> ipv6) {
    Seat seat = arrival.seat();
    String name = group.map(PolicyGroup::name).orElse(null);
    Session session =
        new Session(
            ids.get(),
            credential,
            arrival.clientAddress(),
            address,
            clock.millis(),
            seat,
            name,
            ipv6.orElse(null),
            routes.told(seat.protocol(), name));
    GatewayState admittedBy = state;
    Cidr pool = pools.of(group).poolOf(address).orElseThrow();
    changes.begin(
        session,
        () -> arrival.welcome(admittedBy, session, pool),
        () -> arrival.refuse(Refusal.NOT_READY));
  }

  private void end(Session session, Ending how, Refusal refusal) {
    news.ended(session, traffic.of(session), how, Optional.ofNullable(refusal));
    traffic.forget(session);
    changes.end(session);
  }
}
