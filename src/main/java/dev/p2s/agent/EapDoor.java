package dev.p2s.agent;

import dev.p2s.agent.radius.EapAdmission;
import dev.p2s.agent.radius.EapClient;
import dev.p2s.agent.session.Person;
import dev.p2s.agent.session.Refusal;
import dev.p2s.agent.session.Session.Seat;
import dev.p2s.dataplane.kernel.TunnelAddress;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/** The way of people who log in by EAP to the policy point, from the threads that relay it. */
final class EapDoor implements EapAdmission {

  private final PolicyPoint policy;
  private final LongFunction<Optional<Seat>> seats;
  private final Consumer<Runnable> loop;

  /**
   * @param seats the seat of the server's number of a client; empty where it has none such
   * @param loop runs something on the agent's own thread
   */
  EapDoor(PolicyPoint policy, LongFunction<Optional<Seat>> seats, Consumer<Runnable> loop) {
    this.policy = policy;
    this.seats = seats;
    this.loop = loop;
  }

  @Override
  public void decide(EapClient client, Person person, Consumer<Optional<TunnelAddress>> then) {
    loop.accept(
        () -> {
          Optional<Seat> seat = seats.apply(client.number());
          if (seat.isEmpty()) {
            then.accept(Optional.empty());
            return;
          }
          policy.admit(
              new EapArrival(seat.get(), client.address(), "", then), policy.forOneSession(person));
        });
  }

  @Override
  public void refused(EapClient client, String claimed, Refusal why) {
    loop.accept(
        () ->
            seats
                .apply(client.number())
                .ifPresent(
                    seat ->
                        policy.refuse(
                            new EapArrival(seat, client.address(), claimed, nobody -> {}),
                            null,
                            why)));
  }
}
