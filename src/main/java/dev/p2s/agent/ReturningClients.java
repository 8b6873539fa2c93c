package dev.p2s.agent;

import dev.p2s.agent.ikev2.NextAddress;
import dev.p2s.agent.session.ClientCertificate;
import dev.p2s.agent.session.SessionTable;
import dev.p2s.api.v1alpha1.TunnelType;
import dev.p2s.dataplane.SkuColumn;
import dev.p2s.dataplane.kernel.TunnelAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * IKEv2's clients with certificates that had an address at another pod and shall go on with it.
 * charon gives addresses away by itself, to whoever comes next. So while it waits to hear of a
 * certificate, the address is waited for and made the next that it gives away; and nobody else
 * hears of theirs until it has been given. All of that has narrow bounds: whoever shows a
 * certificate has not proved yet that it is theirs. On the agent's loop only.
 */
final class ReturningClients {

  /** Longer than charon takes from a good certificate to its client's address. */
  static final Duration TURN = Duration.ofMillis(500);

  /** Whoever was let in without a turn has an address by then. */
  static final Duration UNDER_WAY = Duration.ofMillis(100);

  /** In a queue that is longer somebody's own patience would end. */
  static final Duration PATIENCE = Duration.ofSeconds(2);

  /** Whatever charon answers, or does not. */
  static final Duration LONGEST_TURN = Duration.ofSeconds(2);

  /** One that has had a turn lately did not come on, or comes with more than one device. */
  static final Duration NEXT_TURN = Duration.ofSeconds(10);

  /** Each that waits holds one of charon's threads ({@code images/strongswan/strongswan.conf}). */
  static final int MOST = 40;

  private static final SkuColumn COLUMN = SkuColumn.IKEV2_OPENVPN;

  private final AwaitedAddresses awaited;
  private final SessionTable table;
  private final PodShares shares;
  private final NextAddress next;
  private final BiConsumer<Duration, Runnable> later;
  private final Clock clock;
  private final Deque<Arriving> queue = new ArrayDeque<>();
  private final Map<String, Instant> turns = new HashMap<>();
  private Instant letIn = Instant.MIN;
  private int waiting;
  private Arriving turn;

  /**
   * @param later runs something on the agent's loop after a time
   */
  ReturningClients(
      AwaitedAddresses awaited,
      SessionTable table,
      PodShares shares,
      NextAddress next,
      BiConsumer<Duration, Runnable> later,
      Clock clock) {
    this.awaited = awaited;
    this.table = table;
    this.shares = shares;
    this.next = next;
    this.later = later;
    this.clock = clock;
  }

  /**
   * Somebody has shown a certificate that is welcome.
   *
   * @param enter run once, when the server may hear so
   */
  void comesIn(ClientCertificate certificate, Runnable enter) {
    Arriving one = new Arriving(certificate, enter);
    Optional<TunnelAddress> last =
        mayHaveATurn(one)
            ? awaited.of(certificate, TunnelType.IKEv2, "", address -> !table.holds(address))
            : Optional.empty();
    if (last.isPresent() && shares.wouldNeed(last.get(), COLUMN, table.size(COLUMN))) {
      awaited.await(one, last.get(), found -> queue(one, found));
    } else {
      queue(one, last);
    }
  }

  /**
   * The server has given somebody an address.
   *
   * @param shown the certificates that they may have shown
   */
  void given(TunnelAddress address, Collection<ClientCertificate> shown) {
    if (turn != null && turn.address.equals(address) && shown.contains(turn.certificate)) {
      over(turn);
    }
  }

  private boolean mayHaveATurn(Arriving one) {
    Instant now = clock.instant();
    turns.values().removeIf(last -> !last.plus(NEXT_TURN).isAfter(now));
    return waiting <= MOST && !turns.containsKey(one.certificate.thumbprint());
  }

  private void queue(Arriving one, Optional<TunnelAddress> address) {
    one.address = address.orElse(null);
    one.since = clock.instant();
    queue.add(one);
    proceed();
  }

  private void proceed() {
    while (turn == null && !queue.isEmpty()) {
      Arriving one = queue.remove();
      if (isToWait(one)) {
        begin(one);
      } else {
        one.enter();
        letIn = clock.instant();
      }
    }
  }

  private boolean isToWait(Arriving one) {
    return one.address != null
        && shares.allow(one.address)
        && !table.holds(one.address)
        && mayHaveATurn(one)
        && one.since.plus(PATIENCE).isAfter(clock.instant());
  }

  private void begin(Arriving one) {
    turn = one;
    turns.put(one.certificate.thumbprint(), clock.instant());
    later.accept(LONGEST_TURN, () -> end(one));
    Duration since = Duration.between(letIn, clock.instant());
    if (since.compareTo(UNDER_WAY) < 0) {
      later.accept(UNDER_WAY.minus(since), () -> offer(one));
    } else {
      offer(one);
    }
  }

  private void offer(Arriving one) {
    next.offer(
        one.address,
        done -> {
          one.enter();
          if (done) {
            later.accept(TURN, () -> end(one));
          } else {
            over(one);
          }
        });
  }

  /** Its time is over: what was offered to it is not for others. */
  private void end(Arriving one) {
    if (turn == one && !one.ending) {
      one.ending = true;
      one.enter();
      next.withdraw(one.address, () -> over(one));
      later.accept(LONGEST_TURN, () -> over(one));
    }
  }

  private void over(Arriving one) {
    if (turn == one) {
      turn = null;
      proceed();
    }
  }

  /** Somebody whom charon holds until it hears of the certificate. */
  private final class Arriving {

    private final ClientCertificate certificate;
    private final Runnable enter;
    private TunnelAddress address;
    private Instant since;
    private boolean entered;
    private boolean ending;

    Arriving(ClientCertificate certificate, Runnable enter) {
      this.certificate = certificate;
      this.enter = enter;
      waiting++;
    }

    void enter() {
      if (!entered) {
        entered = true;
        waiting--;
        enter.run();
      }
    }
  }
}
