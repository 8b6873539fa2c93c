package dev.p2s.agent.radius;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jboss.logging.Logger;

/**
 * Tells the servers what is in the queue, for as long as it takes: the first that says that it has
 * it is enough. A request that is sent once more as it is keeps its Identifier; one that is made
 * anew, with another Acct-Delay-Time, has another (RFC 2866, section 4.1).
 */
final class AccountingTeller implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(AccountingTeller.class);

  /** Requests on their way at a time. */
  private static final int AT_A_TIME = 16;

  /** How long is listened after each sending of the same request. */
  private static final List<Duration> SENDINGS =
      List.of(Duration.ofSeconds(1), Duration.ofSeconds(2));

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private final AccountingQueue queue;
  private final AccountingServers order;
  private final Supplier<Optional<RadiusSettings>> settings;
  private final RadiusPackets packets;
  private final UdpExchange exchange;
  private final Clock clock;
  private final AtomicBoolean away = new AtomicBoolean();
  private final List<Thread> threads;

  /**
   * @param settings whom to tell; empty for nobody
   */
  AccountingTeller(
      AccountingQueue queue,
      Supplier<Optional<RadiusSettings>> settings,
      Clock clock,
      SecureRandom random) {
    this.queue = queue;
    this.settings = settings;
    this.clock = clock;
    this.order = new AccountingServers(clock);
    this.packets = new RadiusPackets(random);
    this.exchange = new UdpExchange(packets);
    this.threads =
        IntStream.range(0, AT_A_TIME)
            .mapToObj(i -> Thread.ofVirtual().name("radius-accounting-" + i).unstarted(this::run))
            .toList();
  }

  void start() {
    threads.forEach(Thread::start);
  }

  @Override
  public void close() {
    threads.forEach(Thread::interrupt);
  }

  private void run() {
    int failures = 0;
    try {
      while (!Thread.currentThread().isInterrupted()) {
        AccountingQueue.Taken taken = queue.take();
        boolean known = false;
        try {
          known = tell(taken.record());
        } catch (RuntimeException e) {
          // one that cannot be said is said to nobody, and holds up no other
          LOG.errorf("session %s is not accounted: %s", taken.record().session(), e.getMessage());
          known = true;
        } finally {
          queue.done(taken, known);
        }
        failures = known ? 0 : failures + 1;
        if (!known) {
          Thread.sleep(pause(failures));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean tell(AccountingRecord record) {
    Optional<RadiusSettings> asked = settings.get();
    if (asked.isEmpty()) {
      return false;
    }
    for (RadiusServer server : order.order(asked.get().servers())) {
      RadiusPackets.Sent request =
          packets.sign(
              RadiusPackets.ACCOUNTING_REQUEST,
              AccountingRequests.of(record, asked.get().nasIdentifier(), clock.instant()),
              server.secret());
      UdpExchange.Outcome outcome =
          exchange.ask(server.accounting(), server.secret(), request, SENDINGS);
      if (outcome instanceof UdpExchange.Outcome.Answered) {
        order.answered(server);
        if (away.getAndSet(false)) {
          LOG.infof("RADIUS server %s takes accounting again", server);
        }
        return true;
      }
      order.silent(server);
    }
    if (!away.getAndSet(true)) {
      LOG.warnf(
          "no RADIUS server takes accounting; sessions go on and %d records wait", queue.size());
    }
    return false;
  }

  private static Duration pause(int failures) {
    Duration pause = Duration.ofSeconds(1L << Math.min(failures - 1, 5));
    return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
  }
}
