package dev.p2s.sstp.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.p2s.cluster.Endurance;
import dev.p2s.sstp.client.SstpTestClient;
import dev.p2s.sstp.client.SstpTestClient.Binding;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Eight hours of calls, or as short as still shows the same: nothing leaks and nothing drifts. */
@Tag(Endurance.TAG)
class SstpSoakTest {

  private static final int LASTING = 8;
  private static final int MEGABYTE = 1024 * 1024;

  /** What has gathered at one moment, while nobody but the lasting calls is there. */
  private record Gathered(long heap, long buffers, long files, int threads) {

    static Gathered now() {
      System.gc();
      return new Gathered(
          ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
          PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory(),
          ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
              .getOpenFileDescriptorCount(),
          ManagementFactory.getThreadMXBean().getThreadCount());
    }
  }

  @Test
  void givenCallsThatComeAndGo_whenOthersLast_thenNothingLeaksAndNothingDrifts() throws Exception {
    long length = Endurance.sstp().toNanos();
    long began = System.nanoTime();
    try (LoopbackEndpoint loopback = new LoopbackEndpoint()) {
      InetSocketAddress server = loopback.endpoint.address();
      List<Call> lasting = new ArrayList<>();
      for (int i = 0; i < LASTING; i++) {
        lasting.add(Call.to(server));
      }
      Gathered early = null;
      Latencies first = new Latencies();
      Latencies last = new Latencies();
      int rounds = 0;
      for (long spent = 0; spent < length; spent = System.nanoTime() - began) {
        comeAndGo(server, rounds++);
        for (Call call : lasting) {
          (spent < length / 2 ? first : last).add(call.ping());
        }
        if (early == null && spent > length / 4) {
          early = alone(loopback);
        }
        loopback.people.gone.clear();
      }

      Gathered late = alone(loopback);
      String seen =
          "%d rounds, %s, then %s; pings %s, then %s µs"
              .formatted(rounds, early, late, first.median(), last.median());
      System.out.println("SSTP soak: " + seen);
      assertThat(early).as("the first quarter had a round").isNotNull();
      assertThat(late.heap() - early.heap()).as(seen).isLessThan(16 * MEGABYTE);
      assertThat(late.buffers() - early.buffers()).as(seen).isLessThanOrEqualTo(8 * MEGABYTE);
      assertThat(late.files() - early.files()).as(seen).isLessThan(16);
      assertThat(late.threads() - early.threads()).as(seen).isLessThan(16);
      // a machine that others use is no clock; a drift is many times as much
      assertThat(last.median()).as(seen).isLessThan(first.median() * 5 + 20_000);
      for (Call call : lasting) {
        call.close();
      }
    }
  }

  @Test
  void givenClientsThatTakeTheirTime_whenItIsOver_thenTheirConnectionsAreClosed() throws Exception {
    try (LoopbackEndpoint loopback = new LoopbackEndpoint();
        Socket silent = new Socket();
        SstpTestClient slow = new SstpTestClient(loopback.endpoint.address())) {
      silent.connect(loopback.endpoint.address());
      silent.setSoTimeout(60_000);
      slow.within(200);
      // never the end of a head, but always a byte more
      await()
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(500))
          .until(() -> isHungUp(slow));
      assertThat(silent.getInputStream().read()).isEqualTo(-1);
      await().atMost(Duration.ofSeconds(10)).until(() -> loopback.endpoint.waiting() == 0);
    }
  }

  private static boolean isHungUp(SstpTestClient slow) {
    try {
      slow.raw("x".getBytes(StandardCharsets.US_ASCII));
      slow.head();
      return false;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  /** One of each way to come and go. */
  private static void comeAndGo(InetSocketAddress server, int round) throws Exception {
    try (Call call = Call.to(server)) {
      call.ping();
      if (round % 2 == 0) {
        call.client().control(6, new byte[0], 0);
        assertThat(call.client().isClosed()).isTrue();
      }
    }
    try (SstpTestClient wrong = Call.loggedIn(server, "wrong")) {
      assertThat(wrong.certificate()).isNotEmpty();
    }
    try (SstpTestClient unbound = Call.loggedIn(server, "wonderland")) {
      unbound.bind(new Binding(true, new byte[32], null, null));
      assertThat(unbound.abortStatus()).isEqualTo(4);
    }
    try (Socket nothing = new Socket()) {
      nothing.connect(server);
    }
  }

  private static Gathered alone(LoopbackEndpoint loopback) {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> loopback.people.connected.size() == LASTING && loopback.endpoint.waiting() == 0);
    return Gathered.now();
  }

  /** The newest times that something took. */
  private static final class Latencies {

    private final long[] micros = new long[4_096];
    private int count;

    void add(long nanos) {
      micros[count++ % micros.length] = nanos / 1_000;
    }

    long median() {
      long[] sorted = Arrays.copyOf(micros, Math.min(count, micros.length));
      Arrays.sort(sorted);
      return sorted.length == 0 ? 0 : sorted[sorted.length / 2];
    }
  }
}
