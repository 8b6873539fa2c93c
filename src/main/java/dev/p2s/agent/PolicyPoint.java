package dev.p2s.agent;

import dev.p2s.addressing.Cidr;
import dev.p2s.agent.kernel.KernelGate;
import dev.p2s.agent.session.AddressPools;
import dev.p2s.agent.session.Admission;
import dev.p2s.agent.session.Credential;
import dev.p2s.agent.session.Decision;
import dev.p2s.agent.session.GroupChoice;
import dev.p2s.agent.session.GroupPools;
import dev.p2s.agent.session.Person;
import dev.p2s.agent.session.Refusal;
import dev.p2s.agent.session.RevocationLists;
import dev.p2s.agent.session.Session;
import dev.p2s.agent.session.Session.Seat;
import dev.p2s.agent.session.SessionTable;
import dev.p2s.agent.session.SessionTraffic;
import dev.p2s.agent.session.TrustedChains;
import dev.p2s.api.v1alpha1.TunnelType;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.PolicyGroup;
import dev.p2s.dataplane.kernel.ProcessSlot;
import dev.p2s.dataplane.kernel.TunnelAddress;
import java.io.IOException;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
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

  static final Refusal NOT_READY =
      new Refusal(
          Refusal.Reason.NOT_READY, "This gateway cannot let anybody in just now. Try again.");

  /** A login that was renewed tells of groups whose people have other addresses. */
  private static final Refusal OTHER_GROUP =
      new Refusal(
          Refusal.Reason.NOT_READY,
          "You belong to another group of this gateway now. Your client dials again.");

  private final SessionTable table;
  private final SessionChanges changes;
  private final SessionTraffic traffic;
  private final Evictor servers;
  private final AuditLog audit;
  private final AgentMeters meters;
  private final Clock clock;
  private final Supplier<String> ids;
  private final PodShare share;
  private final SessionLimits limits;
  private final RouteNews news;

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
      PodShare share) {
    this.table = table;
    this.servers = servers;
    this.audit = audit;
    this.meters = meters;
    this.clock = clock;
    this.ids = ids;
    this.share = share;
    this.traffic = new SessionTraffic(meters::bytes);
    this.changes = new SessionChanges(table, gate);
    this.limits = new SessionLimits(table, traffic, this, servers, gate, clock);
    this.news = new RouteNews(table, this, clock);
  }

  /** From now on this state decides, on the sessions that there are too. */
  void follow(GatewayState next) {
    state = next;
    pools = GroupPools.of(next);
    chains = TrustedChains.of(next);
    share.follow(next);
    news.follow();
    for (Session session : table.all()) {
      Optional<Refusal> objection = objection(session.credential());
      if (objection.isPresent()) {
        expel(session, objection.get());
      } else if (!regroup(session, session.credential())) {
        evict(session, "address pools changed");
      }
    }
  }

  /**
   * Puts a session into the group that its credential belongs to now.
   *
   * @return whether it may keep its address there
   */
  private boolean regroup(Session session, Credential credential) {
    Optional<PolicyGroup> group = GroupChoice.of(credential, state.groups());
    if (pools.of(group).poolOf(session.address()).isEmpty()) {
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

  /** What the state holds against a credential; empty for nothing. */
  Optional<Refusal> objection(Credential credential) {
    return state == null
        ? Optional.of(NOT_READY)
        : Admission.objection(chains.complete(credential), state, lists, clock.instant());
  }

  /** Somebody who has logged in just now: their login lasts as long as a session may. */
  Person forOneSession(Person person) {
    return state == null || state.longestSessionSeconds() == null
        ? person
        : person.until(clock.instant().plusSeconds(state.longestSessionSeconds()));
  }

  /** The gateway's own pools. */
  AddressPools pools() {
    return pools.gateway();
  }

  /** The server has the client under another number from now on. */
  void move(Session session, Seat seat) {
    changes.move(session, seat);
  }

  boolean isEstablished(Session session) {
    return traffic.isEstablished(session);
  }

  /** The state that decides; empty before there is one. */
  Optional<GatewayState> state() {
    return Optional.ofNullable(state);
  }

  /** Decides on somebody whose credential is known. */
  void admit(Arrival arrival, Credential credential) {
    table.at(arrival.seat()).ifPresent(old -> end(old, "dialled again"));
    if (state == null) {
      refuse(arrival, credential, NOT_READY);
      return;
    }
    decide(arrival, credential, address -> changes.isTaken(address) || reserved.test(address));
  }

  /** Decides on somebody to whom the server has given one of the addresses reserved for it. */
  void adopt(Arrival arrival, Credential credential, TunnelAddress given) {
    if (changes.isBeginning(arrival.seat())) {
      return;
    }
    if (state == null) {
      refuse(arrival, credential, NOT_READY);
      return;
    }
    decide(
        arrival,
        credential,
        address -> !address.equals(given) || !reserved.test(given) || changes.isTaken(given));
  }

  private void decide(Arrival arrival, Credential shown, Predicate<TunnelAddress> taken) {
    Credential credential = chains.complete(shown);
    Optional<PolicyGroup> group = GroupChoice.of(credential, state.groups());
    Decision decision =
        Admission.decide(
            credential,
            state,
            lists,
            clock.instant(),
            changes.liveSessions(),
            share.holding(),
            share.hasSiblings(),
            pools.of(group),
            taken);
    switch (decision) {
      case Decision.Refuse(Refusal refusal) -> {
        if (refusal.reason() == Refusal.Reason.REPLICA_FULL) {
          share.turnedAway();
        }
        refuse(arrival, credential, refusal);
      }
      case Decision.Admit(TunnelAddress address) -> begin(arrival, credential, group, address);
    }
  }

  /**
   * Sends somebody away.
   *
   * @param credential what they have shown, or null where they have shown nothing
   */
  void refuse(Arrival arrival, Credential credential, Refusal why) {
    TunnelType protocol = arrival.seat().protocol();
    meters.refused(protocol, why);
    audit.refused(protocol, credential, arrival.claimedUser(), arrival.clientAddress(), why);
    changes.say(() -> arrival.refuse(why));
  }

  /** A session's login was renewed; what the state holds against it ends the session. */
  Optional<Refusal> renew(Session session, Credential shown) {
    Credential newer = chains.complete(shown);
    Optional<Refusal> objection = objection(newer);
    return objection.isEmpty() && !regroup(session, newer) ? Optional.of(OTHER_GROUP) : objection;
  }

  void established(Session session) {
    traffic.established(session);
  }

  void count(Session session, long in, long out) {
    traffic.count(session, in, out);
  }

  /** A session is over at its server already. */
  void end(Session session, String how) {
    end(session, how, null);
  }

  /** Ends a session whose server has yet to be told. */
  void evict(Session session, String how) {
    end(session, how, null);
    changes.say(() -> servers.evict(session.seat()));
  }

  /** Ends a session whose client shall not dial again by itself. */
  void dismiss(Session session, String how) {
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
    meters.refused(session.seat().protocol(), why);
    end(session, "refused", why);
  }

  /** A place has no process any more; its tun device has no reader, so nothing passes. */
  void vacated(ProcessSlot slot) {
    table.of(slot).forEach(session -> end(session, "server ended"));
  }

  /** Makes the clients of a process dial again. */
  void moveAway(ProcessSlot slot) {
    table.of(slot).forEach(session -> evict(session, "server replaced"));
  }

  /** Ends a session on somebody's word; false where there is none of that id. */
  boolean disconnect(String id) {
    Optional<Session> session = table.withId(id);
    session.ifPresent(s -> evict(s, "disconnected by an operator"));
    return session.isPresent();
  }

  /** Once a second. */
  void tick() {
    if (state != null) {
      limits.tick(state);
      news.tick(state);
    }
  }

  /** Makes the kernel's grants those of the sessions; what it has beyond them goes. */
  void adoptKernel() throws IOException {
    changes.adopt();
  }

  /** The kernel is told, then the servers. */
  void flush() {
    changes.flush(
        session -> {
          meters.admitted(session.seat().protocol());
          audit.admitted(session);
        },
        (session, problem) -> {
          LOG.warnf("a connection is refused for now: %s", problem);
          TunnelType protocol = session.seat().protocol();
          meters.refused(protocol, NOT_READY);
          audit.refused(protocol, session.credential(), "", session.clientAddress(), NOT_READY);
        });
  }

  SessionTraffic traffic() {
    return traffic;
  }

  private void begin(
      Arrival arrival, Credential credential, Optional<PolicyGroup> group, TunnelAddress address) {
    Seat seat = arrival.seat();
    Session session =
        new Session(
            ids.get(),
            credential,
            arrival.clientAddress(),
            address,
            clock.millis(),
            seat,
            group.map(PolicyGroup::name).orElse(null),
            RouteNews.digest(state, seat.protocol(), group.map(PolicyGroup::name).orElse(null)));
    GatewayState admittedBy = state;
    Cidr pool = pools.of(group).poolOf(address).orElseThrow();
    changes.begin(
        session, () -> arrival.welcome(admittedBy, session, pool), () -> arrival.refuse(NOT_READY));
  }

  private void end(Session session, String how, Refusal refusal) {
    audit.ended(session, traffic, how, refusal);
    traffic.forget(session);
    changes.end(session);
  }
}
