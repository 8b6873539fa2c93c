package dev.p2s.demo;

import dev.p2s.cluster.Command;
import dev.p2s.cluster.Progress;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;

/**
 * {@code make demo}: from a bare machine to a stock client that reaches a Service. A demo that
 * succeeded stays until {@code make demo-down}; of one that failed or was interrupted nothing does.
 */
public final class Demo {

  /** The kept cluster's name. */
  private static final String NAME = "demo";

  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final String name;
  private final Journal journal = new Journal();
  private boolean settled;

  /**
   * @param name the kept cluster that the demo runs in
   */
  Demo(String name) {
    this.name = name;
  }

  public static void main(String[] arguments) {
    Demo demo = new Demo(NAME);
    Tour tour = new Tour(NAME);
    demo.preparedBefore(System.getenv("P2S_DEMO_BEGAN"));
    Thread presenter = Thread.currentThread();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> demo.interrupted(presenter)));
    boolean succeeded = demo.play(tour::go);
    System.out.println("\n" + demo.journal.table());
    if (succeeded) {
      System.out.println(tour.lookAround() + "\nTake it away:\n  make demo-down");
    }
    System.exit(succeeded ? 0 : 1); // the engine client's threads are no daemons
  }

  /** Plays steps; where one fails, it says why and takes down what was put up. */
  boolean play(Consumer<Journal> steps) {
    try {
      steps.accept(journal);
      stays();
      return true;
    } catch (RuntimeException e) {
      System.err.println(e.getMessage());
      if (!Thread.currentThread().isInterrupted()) { // else the shutdown's hook does it
        takeDown();
      }
      return false;
    }
  }

  Journal journal() {
    return journal;
  }

  /** {@code make demo-down} for a name. */
  static void down(String name) {
    Command.of("hack/cluster-down", name).run(LIMIT).required();
  }

  /** make has brought engine and images before this JVM was started. */
  private void preparedBefore(String epochSeconds) {
    if (epochSeconds != null) {
      Instant began = Instant.ofEpochSecond(Long.parseLong(epochSeconds));
      journal.done(
          "engine and images are there",
          Duration.between(began, Instant.now()),
          "built or found: operator, openvpn, client, echo");
    }
  }

  private void interrupted(Thread presenter) {
    if (isSettled()) {
      return;
    }
    presenter.interrupt();
    try {
      // what it is just starting would escape
      presenter.join(Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    takeDown();
  }

  private synchronized boolean isSettled() {
    return settled;
  }

  private synchronized void stays() {
    settled = true;
  }

  private synchronized void takeDown() {
    if (!settled) {
      Progress.say("demo: taking down what was put up");
      down(name);
      settled = true;
    }
  }
}
