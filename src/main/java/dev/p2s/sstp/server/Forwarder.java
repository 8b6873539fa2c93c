package dev.p2s.sstp.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Takes packets from the device to the client whose address they bear. One thread a queue of the
 * device; buffers come from Netty's pool and go back to it when they are sent. A client that does
 * not read fast enough loses packets, as it would on any line.
 */
final class Forwarder implements AutoCloseable {

  /** Bytes before a packet: SSTP's header and PPP's. */
  static final int PREFIX = 8;

  private static final int DESTINATION = 16;
  private static final int IPV4_HEADER = 20;

  /** Sent at least this often while packets keep coming. */
  private static final int BATCH = 64;

  private final int mtu;
  private final Consumer<IOException> onFailure;
  private final Map<Integer, Line> lines = new TreeMap<>();
  private final List<Thread> threads;
  private volatile Table table = new Table(new int[0], new Line[0]);
  private volatile boolean closed;

  /** A client's way out. */
  record Line(Channel channel, Caller caller) {}

  /** Addresses in order, so that a packet is looked up without an object. */
  private record Table(int[] addresses, Line[] lines) {
    Line at(int address) {
      int at = Arrays.binarySearch(addresses, address);
      return at < 0 ? null : lines[at];
    }
  }

  /**
   * @param mtu the longest packet in bytes
   * @param onFailure told where a queue of the device fails for good
   */
  Forwarder(PacketDevice device, int mtu, Consumer<IOException> onFailure) {
    this.mtu = mtu;
    this.onFailure = onFailure;
    Thread.Builder named = Thread.ofPlatform().daemon().name("sstp-forward-", 0);
    this.threads =
        device.queues().stream().map(queue -> named.unstarted(() -> forward(queue))).toList();
  }

  void start() {
    threads.forEach(Thread::start);
  }

  /** Packets for this address go there from now on. */
  synchronized void add(int address, Line line) {
    lines.put(address, line);
    publish();
  }

  /** No more, unless another has the address by now. */
  synchronized void remove(int address, Channel channel) {
    Line line = lines.get(address);
    if (line != null && line.channel() == channel) {
      lines.remove(address);
      publish();
    }
  }

  @Override
  public void close() {
    closed = true;
    threads.forEach(Thread::interrupt);
  }

  private void publish() {
    int[] addresses = lines.keySet().stream().mapToInt(Integer::intValue).toArray();
    table = new Table(addresses, lines.values().toArray(Line[]::new));
  }

  private void forward(PacketDevice.Queue queue) {
    ByteBufAllocator pool = PooledByteBufAllocator.DEFAULT;
    Map<Channel, Burst> unsent = new LinkedHashMap<>();
    ByteBuf packet = null;
    try {
      int batch = 0;
      while (!closed) {
        if (packet == null) {
          packet = pool.directBuffer(PREFIX + mtu, PREFIX + mtu);
        }
        packet.setIndex(PREFIX, PREFIX);
        int length = queue.read(packet);
        if (length == 0 || ++batch >= BATCH) {
          unsent.forEach((channel, burst) -> burst.end(channel));
          unsent.clear();
          batch = 0;
        }
        if (length == 0) {
          queue.await();
        } else if (hand(packet, length, unsent)) {
          packet = null;
        }
      }
    } catch (IOException | RuntimeException e) {
      if (!closed) {
        onFailure.accept(new IOException("packets to clients stop: " + e.getMessage(), e));
      }
    } finally {
      if (packet != null) {
        packet.release();
      }
      unsent.values().forEach(burst -> burst.last.release());
    }
  }

  private boolean hand(ByteBuf packet, int length, Map<Channel, Burst> unsent) {
    if (length < IPV4_HEADER || packet.getByte(PREFIX) >> 4 != 4) {
      return false;
    }
    Line line = table.at(packet.getInt(PREFIX + DESTINATION));
    if (line == null || !line.channel().isWritable()) {
      return false;
    }
    packet.setIndex(0, PREFIX + length);
    packet.setInt(0, CallHandler.dataHeader(PREFIX + length));
    packet.setInt(4, CallHandler.IPV4_FRAME);
    line.caller().countOut(length);
    Burst burst = unsent.get(line.channel());
    if (burst == null) {
      unsent.put(line.channel(), new Burst(packet));
    } else {
      burst.add(line.channel(), packet);
    }
    return true;
  }

  /**
   * What a client gets of one batch. TLS puts what is flushed together into as few records as can
   * be; the last packet stands in one of its own, since sstpc (1.0.18 and 1.0.20) waits for its
   * socket and not for what OpenSSL has already decrypted: of several packets in the last record it
   * would see one, and the others with whatever comes next.
   */
  private static final class Burst {

    private ByteBuf last;
    private boolean several;

    Burst(ByteBuf first) {
      last = first;
    }

    void add(Channel channel, ByteBuf next) {
      var _ = channel.write(last, channel.voidPromise());
      last = next;
      several = true;
    }

    void end(Channel channel) {
      if (several) {
        channel.flush();
      }
      var _ = channel.writeAndFlush(last, channel.voidPromise());
      last = Unpooled.EMPTY_BUFFER;
    }
  }
}
