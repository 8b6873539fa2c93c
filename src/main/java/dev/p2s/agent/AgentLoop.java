package dev.p2s.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * The one thread on which the agent decides. Whatever has come in meanwhile is taken as one batch,
 * so that a storm of connections costs the kernel few transactions; nothing of it needs a lock.
 */
final class AgentLoop implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(AgentLoop.class);
  private static final int BATCH = 500;
  private static final long TICK_MILLIS = 1000;

  private final LinkedBlockingQueue<Runnable> queue = new LinkedBlockingQueue<>();
  private final Runnable afterBatch;
  private final Runnable tick;
  private final Thread thread = Thread.ofPlatform().daemon().name("agent").unstarted(this::run);
  private volatile boolean closed;

  /**
   * @param afterBatch run after every batch
   * @param tick run about once a second
   */
  AgentLoop(Runnable afterBatch, Runnable tick) {
    this.afterBatch = afterBatch;
    this.tick = tick;
  }

  void start() {
    thread.start();
  }

  void post(Runnable task) {
    queue.add(task);
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join(2000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    long nextTick = System.nanoTime();
    List<Runnable> batch = new ArrayList<>();
    while (!closed) {
      long wait = nextTick - System.nanoTime();
      try {
        Runnable first = queue.poll(Math.max(0, wait), TimeUnit.NANOSECONDS);
        if (first != null) {
          batch.add(first);
          queue.drainTo(batch, BATCH - 1);
        }
      } catch (InterruptedException e) {
        return;
      }
      if (System.nanoTime() - nextTick >= 0) {
        nextTick = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS);
        batch.add(tick);
      }
      batch.forEach(AgentLoop::guarded);
      batch.clear();
      guarded(afterBatch);
    }
  }

  /** One failure never ends the loop: the sessions of all others hang on it. */
  private static void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.error("a step of the agent failed", e);
    }
  }
}
