package dev.p2s.sstp.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How packets of the device are handed on, by a device that says how many come at once. */
class ForwarderTest {

  private static final int ALICE = 0xAC100002;
  private static final int BOB = 0xAC100003;

  @Test
  void givenPacketsThatComeAtOnce_whenTheyAreHandedOn_thenTheLastOfEachClientIsFlushedAlone() {
    Handed alice = new Handed();
    Handed bob = new Handed();
    ScriptedDevice device = new ScriptedDevice();
    try (Forwarder forwarder = new Forwarder(device, EndpointSettings.MTU, failure -> {})) {
      forwarder.add(ALICE, new Forwarder.Line(new EmbeddedChannel(alice), caller()));
      forwarder.add(BOB, new Forwarder.Line(new EmbeddedChannel(bob), caller()));
      forwarder.start();

      device.batches.add(List.of(packet(ALICE, 1), packet(BOB, 2), packet(ALICE, 3), packet(9, 4)));
      await().until(() -> bob.seen.size() == 2);
      device.batches.add(List.of(packet(ALICE, 5), packet(ALICE, 6), packet(ALICE, 7)));

      await().until(() -> alice.seen.size() == 9);
      assertThat(alice.seen)
          .containsExactly("1", "flush", "3", "flush", "5", "6", "flush", "7", "flush");
      assertThat(bob.seen).containsExactly("2", "flush");
    }
  }

  private static Caller caller() {
    return new Caller(1, "", () -> {});
  }

  private static byte[] packet(int destination, int number) {
    return ByteBuffer.allocate(21)
        .put(0, (byte) 0x45)
        .putInt(16, destination)
        .put(20, (byte) number)
        .array();
  }

  /** What a client's channel is told, in order. */
  private static final class Handed extends ChannelOutboundHandlerAdapter {

    private final List<String> seen = new CopyOnWriteArrayList<>();

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
      ByteBuf packet = (ByteBuf) message;
      seen.add(String.valueOf(packet.getByte(Forwarder.PREFIX + 20)));
      ReferenceCountUtil.release(packet);
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
      seen.add("flush");
    }
  }

  /** One queue, which is empty after each batch. */
  private static final class ScriptedDevice implements PacketDevice, PacketDevice.Queue {

    private final LinkedBlockingQueue<List<byte[]>> batches = new LinkedBlockingQueue<>();
    private List<byte[]> now = List.of();
    private int next;

    @Override
    public List<Queue> queues() {
      return List.of(this);
    }

    @Override
    public Writer writer() {
      throw new AssertionError("nothing is written");
    }

    @Override
    public int read(ByteBuf into) {
      if (next == now.size()) {
        return 0;
      }
      byte[] packet = now.get(next++);
      into.writeBytes(packet);
      return packet.length;
    }

    @Override
    public void await() {
      try {
        List<byte[]> batch = batches.poll(100, TimeUnit.MILLISECONDS);
        if (batch != null) {
          now = batch;
          next = 0;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void close() {}
  }
}
