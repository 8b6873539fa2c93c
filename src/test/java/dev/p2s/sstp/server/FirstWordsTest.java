package dev.p2s.sstp.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.sstp.client.SstpTestClient;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FirstWordsTest {

  private static final Duration MOMENT = Duration.ofMillis(100);

  /** Else Debian's sstpc may never hear the answer: docs/design/sstp.md. */
  @Test
  void givenAClientsFirstWords_whenTheyCome_thenTheyAreAnsweredAMomentLater() throws Exception {
    try (LoopbackEndpoint loopback = new LoopbackEndpoint()) {
      long begin = System.nanoTime();
      try (SstpTestClient client = new SstpTestClient(loopback.endpoint.address())) {
        assertThat(client.tls()).startsWith("TLSv1.3");
      }
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(MOMENT);
    }
  }
}
