package dev.p2s.sstp.server;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A tun device of several queues (IFF_MULTI_QUEUE) that netd has made for this user, opened by the
 * C library's own functions. The kernel hands a flow's packets to the queue into which that flow's
 * other direction was written last. Packets are written joined (IFF_VNET_HDR, {@link
 * SegmentJoiner}); what is read never is, since no offload is asked for.
 */
public final class TunDevice implements PacketDevice {

  private static final int READ_WRITE_NONBLOCK = 0x0002 | 0x0800;
  private static final long TUNSETIFF = 0x400454CAL;
  private static final long TUNGETIFF = 0x800454D2L;
  private static final short IFF_VNET_HDR = 0x4000;
  // IFF_TUN, IFF_NO_PI, IFF_MULTI_QUEUE
  private static final short TUN_QUEUE = 0x0001 | 0x1000 | 0x0100 | IFF_VNET_HDR;
  private static final int IFREQ_BYTES = 40;
  private static final int NAME_BYTES = 16;
  private static final short READABLE = 0x0001;
  private static final int BROKEN = 0x0008 | 0x0010 | 0x0020;
  private static final int WAIT_MILLIS = 1000;

  private final CLibrary c = new CLibrary();
  private final Arena arena = Arena.ofShared();
  private final int mtu;
  private final List<TunQueue> queues = new ArrayList<>();
  private final AtomicInteger writers = new AtomicInteger();

  /**
   * @param name the device's, at most 15 characters
   * @param mtu its MTU in bytes
   * @param count of its queues, 1–256
   * @throws IOException where it is not there, not this user's, or has one queue only
   */
  public TunDevice(String name, int mtu, int count) throws IOException {
    this.mtu = mtu;
    for (int i = 0; i < count; i++) {
      queues.add(attach(name));
    }
  }

  private TunQueue attach(String name) throws IOException {
    int fd = c.open(arena.allocateFrom("/dev/net/tun"), READ_WRITE_NONBLOCK);
    if (fd < 0) {
      close();
      throw new IOException("/dev/net/tun cannot be opened");
    }
    MemorySegment request = arena.allocate(IFREQ_BYTES, 8);
    request.setString(0, name.substring(0, Math.min(name.length(), NAME_BYTES - 1)));
    request.set(JAVA_SHORT, NAME_BYTES, TUN_QUEUE);
    if (c.ioctl(fd, TUNSETIFF, request) < 0 || !hasHeader(fd)) {
      c.close(fd);
      close();
      throw new IOException(
          "the tun device " + name + " cannot be attached to: netd makes it for this user");
    }
    return new TunQueue(fd);
  }

  /**
   * Whether there is a header is the device's, not the queue's: the first that attaches says it,
   * and whoever comes while another is attached is not told that it went unheard.
   */
  private boolean hasHeader(int fd) {
    MemorySegment request = arena.allocate(IFREQ_BYTES, 8);
    return c.ioctl(fd, TUNGETIFF, request) >= 0
        && (request.get(JAVA_SHORT, NAME_BYTES) & IFF_VNET_HDR) != 0;
  }

  @Override
  public List<Queue> queues() {
    return List.copyOf(queues);
  }

  @Override
  public Writer writer() {
    return new TunWriter(queues.get(Math.floorMod(writers.getAndIncrement(), queues.size())).fd);
  }

  @Override
  public void close() {
    queues.forEach(queue -> c.close(queue.fd));
    arena.close();
  }

  /** Reading is one thread's. */
  private final class TunQueue implements Queue {

    private final int fd;
    private final MemorySegment packet = arena.allocate(SegmentJoiner.HEADER + mtu);
    private final ByteBuffer packetView = packet.asByteBuffer();
    private final MemorySegment pollRequest = arena.allocate(8, 4);

    TunQueue(int fd) {
      this.fd = fd;
      pollRequest.set(JAVA_INT, 0, fd);
      pollRequest.set(JAVA_SHORT, 4, READABLE);
    }

    @Override
    public int read(ByteBuf into) {
      int bytes = (int) c.read(fd, packet, packet.byteSize());
      int length = bytes - SegmentJoiner.HEADER;
      if (length <= 0) {
        return 0;
      }
      packetView.limit(bytes).position(SegmentJoiner.HEADER);
      into.writeBytes(packetView);
      return length;
    }

    @Override
    public void await() throws IOException {
      c.poll(pollRequest, WAIT_MILLIS);
      if ((pollRequest.get(JAVA_SHORT, 6) & BROKEN) != 0) {
        throw new IOException("the tun device is gone");
      }
    }
  }

  /** Made, used and closed by one thread. */
  private final class TunWriter implements Writer {

    private final Arena own = Arena.ofConfined();
    private final SegmentJoiner joiner;

    TunWriter(int fd) {
      joiner =
          new SegmentJoiner(
              own.allocate(SegmentJoiner.MEMORY), (from, bytes) -> c.write(fd, from, bytes));
    }

    @Override
    public void write(ByteBuf from, int index, int length) {
      if (length <= mtu) {
        joiner.offer(from, index, length);
      }
    }

    @Override
    public void flush() {
      joiner.flush();
    }

    @Override
    public void close() {
      try (own) {
        joiner.flush();
      }
    }
  }

  /** The few functions that are needed. Their failures are negative results. */
  private static final class CLibrary {

    private final Linker linker = Linker.nativeLinker();
    private final MethodHandle open =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("open"),
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT),
            Linker.Option.firstVariadicArg(2));
    private final MethodHandle ioctl =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("ioctl"),
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS),
            Linker.Option.firstVariadicArg(2));
    private final MethodHandle read = transfer("read");
    private final MethodHandle write = transfer("write");
    private final MethodHandle poll =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("poll"),
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    private final MethodHandle close =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("close"), FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    private MethodHandle transfer(String name) {
      return linker.downcallHandle(
          linker.defaultLookup().findOrThrow(name),
          FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    }

    int open(MemorySegment path, int flags) {
      try {
        return (int) open.invokeExact(path, flags);
      } catch (Throwable e) {
        throw impossible(e);
      }
    }

    int ioctl(int fd, long request, MemorySegment argument) {
      try {
        return (int) ioctl.invokeExact(fd, request, argument);
      } catch (Throwable e) {
        throw impossible(e);
      }
    }

    long read(int fd, MemorySegment into, long bytes) {
      try {
        return (long) read.invokeExact(fd, into, bytes);
      } catch (Throwable e) {
        throw impossible(e);
      }
    }

    void write(int fd, MemorySegment from, long bytes) {
      try {
        // What the network has no room for is lost.
        long _ = (long) write.invokeExact(fd, from, bytes);
      } catch (Throwable e) {
        throw impossible(e);
      }
    }

    void poll(MemorySegment request, int millis) {
      try {
        int _ = (int) poll.invokeExact(request, 1L, millis);
      } catch (Throwable e) {
        throw impossible(e);
      }
    }

    void close(int fd) {
      try {
        int _ = (int) close.invokeExact(fd);
      } catch (Throwable e) {
        throw impossible(e);
      }
    }

    private static IllegalStateException impossible(Throwable e) {
      return new IllegalStateException("a function of the C library cannot be called", e);
    }
  }
}
