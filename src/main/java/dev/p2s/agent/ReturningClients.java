package dev.p2s.agent;

import dev.p2s.agent.session.ClientCertificate;
import dev.p2s.agent.session.SessionTable;
import dev.p2s.api.v1alpha1.TunnelType;
import dev.p2s.dataplane.SkuColumn;
import dev.p2s.dataplane.kernel.TunnelAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * IKEv2's clients with certificates that had an address at another pod and shall go on with it.
 * charon gives addresses away by itself, to whoever comes next. So while it waits to hear of a
 * certificate, the address is waited for and made the next that it gives away; and nobody else
 * hears of theirs until it has been given. On the agent's loop only.
 */
final class ReturningClients {

  /** Longer than charon takes from a good certificate to its client's address. */
  private static final Duration TURN = Duration.ofMillis(500);

  private static final SkuColumn COLUMN = SkuColumn.IKEV2_OPENVPN;

  /** Makes an address the next that the server gives away; says whether it is. */
  interface NextAddress {
    void offer(TunnelAddress address, Consumer<Boolean> done);
  }

  private record Arriving(Optional<TunnelAddress> address, Runnable letIn) {}

  private final AwaitedAddresses awaited;
  private final SessionTable table;
  private final PodShares shares;
  private final NextAddress next;
  private final BiConsumer<Duration, Runnable> later;
  private final Deque<Arriving> queue = new ArrayDeque<>();
  private Arriving turn;

  /**
   * @param later runs something on the agent's loop after a time
   */
  ReturningClients(
      AwaitedAddresses awaited,
      SessionTable table,
      PodShares shares,
      NextAddress next,
      BiConsumer<Duration, Runnable> later) {
    this.awaited = awaited;
    this.table = table;
    this.shares = shares;
    this.next = next;
    this.later = later;
  }

  /**
   * Somebody has shown a certificate that is welcome.
   *
   * @param letIn run once, when the server may hear so
   */
  void comesIn(ClientCertificate certificate, Runnable letIn) {
    Optional<TunnelAddress> last =
        awaited.of(certificate, TunnelType.IKEv2, "", address -> !table.holds(address));
    if (last.isPresent() && shares.wouldNeed(last.get(), COLUMN, table.size(COLUMN))) {
      awaited.await(new Object(), last.get(), found -> queue(found, letIn));
    } else {
      queue(last, letIn);
    }
  }

  /** The server has given somebody an address. */
  void given(TunnelAddress address) {
    if (turn != null && turn.address().filter(address::equals).isPresent()) {
      over(turn);
    }
  }

  private void queue(Optional<TunnelAddress> address, Runnable letIn) {
    queue.add(new Arriving(address, letIn));
    proceed();
  }

  private void proceed() {
    while (turn == null && !queue.isEmpty()) {
      Arriving one = queue.remove();
      Optional<TunnelAddress> address =
          one.address().filter(shares::allow).filter(free -> !table.holds(free));
      if (address.isEmpty()) {
        one.letIn().run();
      } else {
        turn = one;
        next.offer(address.get(), done -> offered(one, done));
      }
    }
  }

  private void offered(Arriving one, boolean done) {
    one.letIn().run();
    if (done) {
      later.accept(TURN, () -> over(one));
    } else {
      over(one);
    }
  }

  private void over(Arriving one) {
    if (turn == one) {
      turn = null;
      proceed();
    }
  }
}
