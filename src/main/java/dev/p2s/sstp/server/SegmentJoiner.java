package dev.p2s.sstp.server;

import io.netty.buffer.ByteBuf;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Joins the consecutive TCP segments of a flow to one large packet, which the kernel carries as one
 * and cuts again, where it must, to what came in: bit for bit (but for a checksum of zero, which
 * has two spellings), since only such segments are joined (RFC 791, RFC 9293) as the kernel's own
 * cutting would make. Whatever else comes goes out as it came, alone. Nothing overtakes anything.
 *
 * <p>Before each packet stands the header of virtio 1.2, 5.1.6, of ten bytes and in the machine's
 * own byte order, as a tun device with IFF_VNET_HDR wants it. Of a joined packet it says how to
 * cut; else it is all zeros. Nothing is allocated for a packet. For one thread.
 */
final class SegmentJoiner {

  /** Takes what goes out. */
  interface Sink {

    /**
     * @param from begins with virtio's header; not to be kept
     * @param bytes of header and packet
     */
    void write(MemorySegment from, int bytes);
  }

  /** Bytes of virtio's header. */
  static final int HEADER = 10;

  /** Bytes that IPv4's total length can say. */
  static final int LONGEST = 65_535;

  /** Payload below which nothing is gained, and the kernel would have thousands to cut at once. */
  private static final int SMALLEST = 256;

  /** Bytes of memory that it needs. */
  static final int MEMORY = HEADER + LONGEST;

  // virtio's header: where each field lies, and what is said in it
  private static final int FLAGS = 0;
  private static final int GSO_TYPE = 1;
  private static final int HEADER_LENGTH = 2;
  private static final int GSO_SIZE = 4;
  private static final int CHECKSUM_START = 6;
  private static final int CHECKSUM_OFFSET = 8;
  private static final byte NEEDS_CHECKSUM = 1;
  private static final byte GSO_TCP4 = 1;

  // IPv4, from the packet's start
  private static final int VERSION_AND_TOS = 0;
  private static final int TOTAL_LENGTH = 2;
  private static final int IDENTIFICATION = 4;
  private static final int FRAGMENT = 6;
  private static final int TTL_AND_PROTOCOL = 8;
  private static final int IP_CHECKSUM = 10;
  private static final int ADDRESSES = 12;
  private static final int IP_BYTES = 20;
  private static final int VERSION_WITHOUT_OPTIONS = 0x45;
  private static final int DONT_FRAGMENT = 0x4000;
  private static final int TCP = 6;

  // TCP, from the packet's start, since IPv4's header has no options here
  private static final int PORTS = IP_BYTES;
  private static final int SEQUENCE = IP_BYTES + 4;
  private static final int ACKNOWLEDGED = IP_BYTES + 8;
  private static final int OFFSET_AND_FLAGS = IP_BYTES + 12;
  private static final int WINDOW = IP_BYTES + 14;
  private static final int TCP_CHECKSUM_IN_TCP = 16;
  private static final int TCP_CHECKSUM = IP_BYTES + TCP_CHECKSUM_IN_TCP;
  private static final int URGENT = IP_BYTES + 18;
  private static final int HEADERS_WITHOUT_OPTIONS = IP_BYTES + 20;
  // the reserved bits too
  private static final int ALL_FLAGS = 0x0FFF;
  private static final int ACK = 0x010;
  private static final int PSH = 0x008;

  private static final ValueLayout.OfByte OCTET = ValueLayout.JAVA_BYTE;
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfShort OWN_SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final ValueLayout.OfLong OWN_LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  private final MemorySegment memory;
  private final ByteBuffer view;
  private final Sink out;

  // of what is held; nothing is where there are no segments
  private int segments;
  // bytes of the packet, without virtio's header
  private int total;
  // bytes of IPv4's and TCP's headers
  private int headerBytes;
  // payload of each segment but the last
  private int mss;
  private int nextSequence;

  /**
   * @param memory of {@link #MEMORY} bytes, its own
   */
  SegmentJoiner(MemorySegment memory, Sink out) {
    this.memory = memory;
    this.view = memory.asByteBuffer();
    this.out = out;
  }

  /**
   * Takes a packet, whose bytes may be anything. It goes out now or, at the latest, when flushed.
   *
   * @param from where it lies; its reader index is not moved
   * @param length in bytes, {@link #LONGEST} at most
   */
  void offer(ByteBuf from, int index, int length) {
    if (total + length > LONGEST) {
      flush();
    }
    // It is copied once, behind what is held, and only then looked at.
    int at = HEADER + total;
    view.limit(at + length).position(at);
    from.getBytes(index, view);
    int own = headersOfSegment(at, length);
    if (segments > 0) {
      if (own == headerBytes && length - own <= mss && follows(at)) {
        append(at, length - own);
        return;
      }
      flush();
      MemorySegment.copy(memory, at, memory, HEADER, length);
    }
    begin(own, length);
  }

  /** Lets out what is held. */
  void flush() {
    if (segments == 0) {
      return;
    }
    memory.set(OWN_LONG, 0, 0L);
    memory.set(OWN_SHORT, CHECKSUM_OFFSET, (short) 0);
    if (segments > 1) {
      describe();
    }
    int bytes = HEADER + total;
    segments = 0;
    total = 0;
    out.write(memory, bytes);
  }

  private void begin(int own, int length) {
    segments = 1;
    total = length;
    headerBytes = own;
    mss = own == 0 ? 0 : length - own;
    nextSequence = memory.get(INT, HEADER + SEQUENCE) + mss;
    if (mss < SMALLEST || pushes(HEADER)) {
      flush();
    }
  }

  /** Pushed or short, it is a joined packet's last: the kernel cuts no other one so. */
  private void append(int at, int payload) {
    boolean last = payload < mss || pushes(at);
    memory.set(SHORT, HEADER + OFFSET_AND_FLAGS, memory.get(SHORT, at + OFFSET_AND_FLAGS));
    MemorySegment.copy(memory, (long) at + headerBytes, memory, at, payload);
    segments++;
    total += payload;
    nextSequence += payload;
    if (last) {
      flush();
    }
  }

  private boolean pushes(int at) {
    return (memory.get(SHORT, at + OFFSET_AND_FLAGS) & PSH) != 0;
  }

  /** Bytes of the headers of a segment that may be joined; 0 for whatever goes alone. */
  private int headersOfSegment(int at, int length) {
    if (length <= HEADERS_WITHOUT_OPTIONS
        || memory.get(OCTET, at + VERSION_AND_TOS) != VERSION_WITHOUT_OPTIONS
        || (memory.get(SHORT, at + TTL_AND_PROTOCOL) & 0xFF) != TCP
        || (memory.get(SHORT, at + TOTAL_LENGTH) & 0xFFFF) != length
        || (memory.get(SHORT, at + FRAGMENT) & 0xFFFF & ~DONT_FRAGMENT) != 0) {
      return 0;
    }
    int word = memory.get(SHORT, at + OFFSET_AND_FLAGS) & 0xFFFF;
    int own = IP_BYTES + (word >>> 12) * Integer.BYTES;
    // A wrong checksum would be made right by being joined, and its receiver be deceived.
    boolean joinable =
        (word & ALL_FLAGS & ~PSH) == ACK
            && own >= HEADERS_WITHOUT_OPTIONS
            && own < length
            && folded(sum(at, IP_BYTES)) == 0xFFFF
            && folded(sum(at + ADDRESSES, length - ADDRESSES) + pseudo(length)) == 0xFFFF;
    return joinable ? own : 0;
  }

  /** Whether all that its headers say is what the kernel would write into them when it cuts. */
  private boolean follows(int at) {
    int first = HEADER;
    return memory.get(INT, at + SEQUENCE) == nextSequence
        && memory.get(LONG, at + ADDRESSES) == memory.get(LONG, first + ADDRESSES)
        && memory.get(INT, at + PORTS) == memory.get(INT, first + PORTS)
        && memory.get(INT, at + ACKNOWLEDGED) == memory.get(INT, first + ACKNOWLEDGED)
        && memory.get(SHORT, at + WINDOW) == memory.get(SHORT, first + WINDOW)
        && memory.get(SHORT, at + IDENTIFICATION)
            == (short) (memory.get(SHORT, first + IDENTIFICATION) + segments)
        && memory.get(SHORT, at + VERSION_AND_TOS) == memory.get(SHORT, first + VERSION_AND_TOS)
        && memory.get(SHORT, at + FRAGMENT) == memory.get(SHORT, first + FRAGMENT)
        && memory.get(SHORT, at + TTL_AND_PROTOCOL) == memory.get(SHORT, first + TTL_AND_PROTOCOL)
        && MemorySegment.mismatch(
                memory, at + URGENT, at + headerBytes, memory, first + URGENT, first + headerBytes)
            < 0;
  }

  /** Says how to cut; TCP's checksum is begun with the pseudo header's sum, and left to finish. */
  private void describe() {
    memory.set(SHORT, HEADER + TOTAL_LENGTH, (short) total);
    memory.set(SHORT, HEADER + IP_CHECKSUM, (short) 0);
    memory.set(SHORT, HEADER + IP_CHECKSUM, (short) ~folded(sum(HEADER, IP_BYTES)));
    memory.set(
        SHORT,
        HEADER + TCP_CHECKSUM,
        (short) folded(sum(HEADER + ADDRESSES, Long.BYTES) + pseudo(total)));
    memory.set(OCTET, FLAGS, NEEDS_CHECKSUM);
    memory.set(OCTET, GSO_TYPE, GSO_TCP4);
    memory.set(OWN_SHORT, HEADER_LENGTH, (short) headerBytes);
    memory.set(OWN_SHORT, GSO_SIZE, (short) mss);
    memory.set(OWN_SHORT, CHECKSUM_START, (short) IP_BYTES);
    memory.set(OWN_SHORT, CHECKSUM_OFFSET, (short) TCP_CHECKSUM_IN_TCP);
  }

  /** What TCP's pseudo header adds to its addresses. */
  private static int pseudo(int length) {
    return TCP + length - IP_BYTES;
  }

  /** Of words of four bytes, which folded is that of words of two (RFC 1071). */
  private long sum(int at, int length) {
    long sum = 0;
    int whole = at + (length & -Integer.BYTES);
    for (int i = at; i < whole; i += Integer.BYTES) {
      sum += memory.get(INT, i) & 0xFFFFFFFFL;
    }
    for (int i = whole, shift = 24; i < at + length; i++, shift -= Byte.SIZE) {
      sum += (memory.get(OCTET, i) & 0xFFL) << shift;
    }
    return sum;
  }

  private static int folded(long sum) {
    long folded = sum;
    while (folded > 0xFFFF) {
      folded = (folded & 0xFFFF) + (folded >>> 16);
    }
    return (int) folded;
  }
}
