package dev.p2s.sstp.server;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A network in which everybody answers pings: what comes in goes back to its sender. */
final class EchoingDevice implements PacketDevice {

  private final List<EchoQueue> queues = List.of(new EchoQueue(), new EchoQueue());
  private final AtomicInteger writers = new AtomicInteger();

  /** Puts a packet in as if it came from the network; waits where nobody reads. */
  void deliver(byte[] packet) throws InterruptedException {
    queues.getFirst().packets.put(packet);
  }

  @Override
  public List<Queue> queues() {
    return List.copyOf(queues);
  }

  @Override
  public Writer writer() {
    EchoQueue queue = queues.get(writers.getAndIncrement() % queues.size());
    return new Writer() {

      private final List<byte[]> waiting = new ArrayList<>();

      @Override
      public void write(ByteBuf from, int index, int length) {
        if (length > EndpointSettings.MTU) {
          // no device carries more
          return;
        }
        byte[] packet = new byte[length];
        from.getBytes(index, packet);
        waiting.add(answer(packet));
      }

      @Override
      public void flush() {
        waiting.forEach(queue.packets::offer);
        waiting.clear();
      }

      @Override
      public void close() {
        flush();
      }
    };
  }

  private static final class EchoQueue implements Queue {

    private final LinkedBlockingQueue<byte[]> packets = new LinkedBlockingQueue<>(10_000);
    private byte[] next;

    @Override
    public int read(ByteBuf into) {
      byte[] packet = next == null ? packets.poll() : next;
      next = null;
      if (packet == null) {
        return 0;
      }
      into.writeBytes(packet);
      return packet.length;
    }

    @Override
    public void await() {
      try {
        next = packets.poll(100, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() {}

  /** Source and destination change places; an ICMP echo becomes its reply. */
  static byte[] answer(byte[] packet) {
    byte[] back = packet.clone();
    System.arraycopy(packet, 12, back, 16, 4);
    System.arraycopy(packet, 16, back, 12, 4);
    if (packet[9] == 1 && packet.length >= 28 && packet[20] == 8) {
      back[20] = 0;
      back[22] = 0;
      back[23] = 0;
      int sum = 0;
      byte[] icmp = Arrays.copyOfRange(back, 20, back.length + back.length % 2);
      for (int i = 0; i < icmp.length; i += 2) {
        sum += ((icmp[i] & 0xFF) << 8) | (icmp[i + 1] & 0xFF);
      }
      sum = (sum & 0xFFFF) + (sum >>> 16);
      sum = ~((sum & 0xFFFF) + (sum >>> 16));
      back[22] = (byte) (sum >> 8);
      back[23] = (byte) sum;
    }
    return back;
  }
}
