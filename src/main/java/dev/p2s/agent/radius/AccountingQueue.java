package dev.p2s.agent.radius;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What the servers have yet to be told, oldest first. Of one session one thing at a time is told,
 * so that its start arrives before its end. Bounded: where servers are away for long, what can be
 * missed most easily is forgotten first. Safe for use by several threads.
 */
final class AccountingQueue {

  /** More than twice the sessions of a pod that loses all of them at once, for most SKUs. */
  static final int LIMIT = 4_096;

  private final Map<Long, AccountingRecord> waiting = new LinkedHashMap<>();
  private final Set<String> beingTold = new HashSet<>();
  private long next;
  private long changes;
  private long forgotten;

  /**
   * A record that somebody tells now.
   *
   * @param number its place in the queue
   */
  record Taken(long number, AccountingRecord record) {}

  synchronized void add(AccountingRecord record) {
    if (record.status() != AccountingRecord.Status.START) {
      // it says everything that an earlier interim record says
      forget(
          earlier ->
              earlier.session().equals(record.session())
                  && earlier.status() == AccountingRecord.Status.INTERIM
                  && !beingTold.contains(record.session()),
          Integer.MAX_VALUE);
    }
    waiting.put(next, record);
    next++;
    int surplus = waiting.size() - LIMIT;
    if (surplus > 0) {
      int interims = forget(each -> each.status() == AccountingRecord.Status.INTERIM, surplus);
      forgotten += surplus;
      forget(each -> true, surplus - interims);
    }
    changes++;
    notifyAll();
  }

  /** The next one to tell; waits for it. Whoever takes it says later what came of it. */
  synchronized Taken take() throws InterruptedException {
    while (true) {
      for (Map.Entry<Long, AccountingRecord> entry : waiting.entrySet()) {
        if (beingTold.add(entry.getValue().session())) {
          return new Taken(entry.getKey(), entry.getValue());
        }
      }
      wait();
    }
  }

  /**
   * @param known whether a server has it
   */
  synchronized void done(Taken taken, boolean known) {
    beingTold.remove(taken.record().session());
    if (known) {
      waiting.remove(taken.number());
      changes++;
    }
    notifyAll();
  }

  synchronized List<AccountingRecord> all() {
    return List.copyOf(waiting.values());
  }

  /** Takes up what an earlier agent of the pod has left, before what is new. */
  synchronized void addAll(Collection<AccountingRecord> left) {
    left.forEach(this::add);
  }

  synchronized void clear() {
    waiting.clear();
    changes++;
    notifyAll();
  }

  /** Waits until nothing waits any more, but not for longer than this. */
  synchronized void awaitEmpty(Duration longest) {
    long deadline = System.nanoTime() + longest.toNanos();
    try {
      long left = longest.toMillis();
      while (!waiting.isEmpty() && left > 0) {
        wait(left);
        left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  synchronized int size() {
    return waiting.size();
  }

  /** Grows with every change. */
  synchronized long changes() {
    return changes;
  }

  /** How many were forgotten for want of room. */
  synchronized long forgotten() {
    return forgotten;
  }

  private int forget(Predicate<AccountingRecord> which, int most) {
    int gone = 0;
    Iterator<AccountingRecord> records = waiting.values().iterator();
    while (records.hasNext() && gone < most) {
      if (which.test(records.next())) {
        records.remove();
        gone++;
      }
    }
    return gone;
  }
}
