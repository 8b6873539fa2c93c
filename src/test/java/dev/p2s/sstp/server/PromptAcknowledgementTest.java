package dev.p2s.sstp.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PromptAcknowledgementTest {

  private static final long DELAYED_MILLIS = 40;
  private static final byte[] TO_BE_DROPPED = new byte[64];

  /** A client that leaves Nagle's algorithm on, as sstpc does, says two things at once. */
  @Test
  void givenWhatNobodyAnswers_whenMoreFollowsAtOnce_thenItDoesNotWaitForTheKernel()
      throws Exception {
    try (LoopbackEndpoint loopback = new LoopbackEndpoint();
        Call call = Call.to(loopback.endpoint.address())) {
      long[] nanos = new long[21];
      for (int i = 0; i < nanos.length; i++) {
        call.client().packet(TO_BE_DROPPED);
        nanos[i] = call.ping();
      }
      long median = LongStream.of(nanos).sorted().skip(nanos.length / 2).findFirst().orElseThrow();
      assertThat(median / 1_000_000).as("milliseconds").isLessThan(DELAYED_MILLIS * 3 / 4);
    }
  }
}
