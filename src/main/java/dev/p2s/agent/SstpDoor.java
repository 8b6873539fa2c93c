package dev.p2s.agent;

import dev.p2s.agent.session.Ending;
import dev.p2s.agent.session.Session;
import dev.p2s.agent.session.Session.Seat;
import dev.p2s.agent.session.SessionTable;
import dev.p2s.agent.sstp.EndpointLine;
import dev.p2s.agent.sstp.EndpointListener;
import dev.p2s.agent.sstp.EndpointSettings;
import dev.p2s.agent.state.StateBundle;
import dev.p2s.api.v1alpha1.TunnelType;
import dev.p2s.dataplane.kernel.ProcessSlot;
import dev.p2s.dataplane.sstp.EndpointCommand;
import dev.p2s.dataplane.sstp.EndpointEvent;
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

/**
 * SSTP's way to the policy point: what the endpoint serves, and what happens to its calls. Called
 * on the agent's loop only.
 */
final class SstpDoor implements Evictor {

  /** An endpoint that is away longer than its container needs to start anew has gone. */
  private static final Duration GONE_AFTER = Duration.ofSeconds(20);

  private final SessionTable table;
  private final PolicyPoint policy;
  private final EndpointLine line;
  private final SstpLogins logins;
  private final Consumer<SstpPlace> place;
  private final Consumer<Runnable> loop;
  private final Clock clock;
  private final Set<Long> calls = new HashSet<>();

  private boolean wanted;
  private Optional<EndpointCommand.Serve> settings = Optional.empty();
  private EndpointCommand.Serve said;
  private String answer = "the SSTP endpoint is starting";
  private String life = "";
  private Instant awaySince;

  /**
   * @param logins finds out who callers are
   * @param place told whether the endpoint takes connections and has calls
   * @param loop runs something on the agent's own thread
   */
  SstpDoor(
      SessionTable table,
      PolicyPoint policy,
      EndpointLine line,
      SstpLogins logins,
      Consumer<SstpPlace> place,
      Consumer<Runnable> loop,
      Clock clock) {
    this.table = table;
    this.policy = policy;
    this.line = line;
    this.logins = logins;
    this.place = place;
    this.loop = loop;
    this.clock = clock;
    this.awaySince = clock.instant();
  }

  /** Called when kernel and devices follow the state, as far as they can already. */
  void follow(StateBundle bundle) {
    wanted = bundle.state().sstp() != null;
    settings = EndpointSettings.of(bundle);
    if (wanted || !sessions().isEmpty()) {
      line.start(new PostedEvents());
    }
    if (!wanted) {
      sessions().forEach(session -> policy.evict(session, Ending.SERVER_ENDED));
    }
    serve();
  }

  void tick(Instant now) {
    if (!answer.isEmpty()) {
      said = null;
      serve();
    }
    if (awaySince != null && Duration.between(awaySince, now).compareTo(GONE_AFTER) > 0) {
      sessions().forEach(session -> policy.end(session, Ending.SERVER_ENDED));
    }
  }

  @Override
  public void evict(Seat seat) {
    if (answers(seat)) {
      line.send(new EndpointCommand.HangUp(seat.client()));
    }
  }

  @Override
  public boolean answers(Seat seat) {
    return seat.daemon().equals(life);
  }

  /** The seat of a call; empty where there is none of that number. */
  Optional<Seat> seatOf(long call) {
    return calls.contains(call) ? Optional.of(seat(call)) : Optional.empty();
  }

  /** What keeps SSTP from following the state, for a person; empty where it does. */
  String problem() {
    return settings.isPresent() ? answer : "";
  }

  private void serve() {
    if (!life.isEmpty() && settings.isPresent() && !settings.get().equals(said)) {
      said = settings.get();
      line.send(said);
    }
  }

  private void happened(EndpointEvent event) {
    switch (event) {
      case EndpointEvent.Attached(String endpoint, List<EndpointEvent.Call> there) ->
          attached(endpoint, there);
      case EndpointEvent.Serving(String problem) -> {
        answer = problem;
        tellPlace();
      }
      case EndpointEvent.Arrived arrived -> {
        calls.add(arrived.call());
        tellPlace();
        logins.arrived(seat(arrived.call()), arrived, this::isHere);
      }
      case EndpointEvent.Connected(long call) ->
          table.at(seat(call)).ifPresent(policy.traffic()::established);
      case EndpointEvent.Carried(long call, long in, long out) ->
          table.at(seat(call)).ifPresent(session -> policy.traffic().count(session, in, out));
      case EndpointEvent.Left left -> left(left);
    }
  }

  private void attached(String endpoint, List<EndpointEvent.Call> there) {
    life = endpoint;
    awaySince = null;
    said = null;
    calls.clear();
    there.forEach(call -> calls.add(call.call()));
    Map<Long, EndpointEvent.Call> byId =
        there.stream().collect(Collectors.toMap(EndpointEvent.Call::call, Function.identity()));
    for (Session session : sessions()) {
      EndpointEvent.Call call = byId.get(session.seat().client());
      boolean same = answers(session.seat()) && call != null;
      if (!same) {
        policy.end(session, Ending.LOST);
      } else if (!call.client().equals(session.address())) {
        policy.evict(session, Ending.LOST);
      } else if (call.connected()) {
        policy.traffic().established(session);
      }
    }
    for (EndpointEvent.Call call : there) {
      if (table.at(seat(call.call())).isEmpty()) {
        // The session that it was let in with is gone: it shall dial anew.
        line.send(new EndpointCommand.HangUp(call.call()));
      }
    }
    tellPlace();
    serve();
  }

  private void left(EndpointEvent.Left left) {
    Seat seat = seat(left.call());
    calls.remove(left.call());
    logins.forget(seat);
    policy.hungUp(seat);
    table
        .at(seat)
        .ifPresent(
            session -> {
              policy.traffic().count(session, left.in(), left.out());
              policy.end(session, Ending.DISCONNECTED);
            });
    tellPlace();
  }

  private void detached() {
    life = "";
    answer = "the SSTP endpoint is starting";
    awaySince = clock.instant();
    calls.clear();
    tellPlace();
  }

  private void tellPlace() {
    place.accept(new SstpPlace(!life.isEmpty() && answer.isEmpty(), !calls.isEmpty()));
  }

  /** Whether a caller of this endpoint is still there. */
  private boolean isHere(Seat seat) {
    return answers(seat) && calls.contains(seat.client());
  }

  private List<Session> sessions() {
    return table.of(ProcessSlot.SSTP);
  }

  private Seat seat(long call) {
    return new Seat(TunnelType.SSTP, ProcessSlot.SSTP, life, call);
  }

  /** What the endpoint says, put on the agent's own thread. */
  private final class PostedEvents implements EndpointListener {

    @Override
    public void happened(EndpointEvent event) {
      loop.accept(() -> SstpDoor.this.happened(event));
    }

    @Override
    public void detached() {
      loop.accept(SstpDoor.this::detached);
    }
  }
}
