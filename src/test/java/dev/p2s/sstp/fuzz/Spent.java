package dev.p2s.sstp.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.p2s.cluster.Endurance;
import java.lang.management.ManagementFactory;

/**
 * What this thread has spent on a number of inputs: memory asked for, and time of the processor.
 */
public final class Spent {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final long bytes = THREADS.getCurrentThreadAllocatedBytes();
  private final long nanos = THREADS.getCurrentThreadCpuTime();

  private Spent() {}

  /**
   * Feeds something with inputs and asserts that no length that lies is believed, and that nothing
   * runs in circles.
   *
   * @param bytesEach what an input may ask for on average
   * @param times the inputs
   */
  public static void on(int times, long bytesEach, Runnable input) {
    for (int round = 0; round < Endurance.fuzzRounds(); round++) {
      Spent spent = new Spent();
      for (int i = 0; i < times; i++) {
        input.run();
      }
      spent.assertBounded(times, bytesEach);
    }
  }

  private void assertBounded(int inputs, long bytesEach) {
    assertThat((THREADS.getCurrentThreadAllocatedBytes() - bytes) / inputs)
        .as("bytes asked for an input")
        .isLessThan(bytesEach);
    assertThat((THREADS.getCurrentThreadCpuTime() - nanos) / 1_000_000)
        .as("milliseconds of the processor for %d inputs", inputs)
        .isLessThan(5_000);
  }
}
