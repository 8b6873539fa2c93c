package dev.p2s.sstp.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.sstp.client.SstpTestClient;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Else Debian's sstpc may never hear the answer: docs/design/sstp.md. */
class FirstWordsTest {

  private static final Duration MOMENT = Duration.ofMillis(100);

  private final EmbeddedChannel channel = new EmbeddedChannel(new FirstWords());
  private final ByteBuf hello = Unpooled.buffer().writeByte(1);
  private final ByteBuf more = Unpooled.buffer().writeByte(2);

  @Test
  void givenFirstWords_whenAMomentHasPassed_thenTheyAreHeardInTheirOrderAndWhatFollowsAtOnce() {
    channel.freezeTime();
    channel.writeInbound(hello, more);
    channel.advanceTimeBy(MOMENT.toMillis() - 1, TimeUnit.MILLISECONDS);
    channel.runScheduledPendingTasks();
    assertThat(channel.<ByteBuf>readInbound()).isNull();
    assertThat(channel.config().isAutoRead()).isFalse();

    channel.advanceTimeBy(1, TimeUnit.MILLISECONDS);
    channel.runScheduledPendingTasks();

    assertThat(channel.<ByteBuf>readInbound()).isSameAs(hello);
    assertThat(channel.<ByteBuf>readInbound()).isSameAs(more);
    assertThat(channel.config().isAutoRead()).isTrue();
    channel.writeInbound(Unpooled.EMPTY_BUFFER);
    assertThat(channel.<ByteBuf>readInbound()).isNotNull();
  }

  @Test
  void givenFirstWords_whenTheClientIsGoneMeanwhile_thenNobodyHearsThemAndTheirMemoryIsFree() {
    channel.freezeTime();
    channel.writeInbound(hello, more);

    var _ = channel.close();
    channel.advanceTimeBy(MOMENT.toMillis(), TimeUnit.MILLISECONDS);
    channel.runScheduledPendingTasks();

    assertThat(channel.<ByteBuf>readInbound()).isNull();
    assertThat(hello.refCnt()).isZero();
    assertThat(more.refCnt()).isZero();
  }

  @Test
  void givenAnEndpoint_whenAClientComes_thenItsTlsBeginsAMomentLater() throws Exception {
    try (LoopbackEndpoint loopback = new LoopbackEndpoint()) {
      long begin = System.nanoTime();
      try (SstpTestClient client = new SstpTestClient(loopback.endpoint.address())) {
        assertThat(client.tls()).startsWith("TLSv1.3");
      }
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(MOMENT);
    }
  }
}
