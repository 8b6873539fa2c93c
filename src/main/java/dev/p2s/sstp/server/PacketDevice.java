package dev.p2s.sstp.server;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.List;

/** Where packets of the network come from and go to: a tun device, or a test's. */
public interface PacketDevice extends AutoCloseable {

  /** Its queues, one at least; each is read by a thread of its own. */
  List<Queue> queues();

  /**
   * A way in, for the thread that asks for it. Calls are spread over the queues, and what answers a
   * packet comes out of the queue that it went into, so that a call keeps to one of them.
   */
  Writer writer();

  @Override
  void close();

  /** What comes out of the network in order; packets of one flow are in one queue. */
  interface Queue {

    /**
     * Reads one packet, without waiting, to the end of the buffer.
     *
     * @param into has room for the device's MTU
     * @return its bytes; 0 where there is none just now
     * @throws IOException where there will never be one again
     */
    int read(ByteBuf into) throws IOException;

    /** Waits until there may be a packet; not for ever. */
    void await() throws IOException;
  }

  /** Takes packets; what the network has no room for is lost, as packets are. */
  interface Writer extends AutoCloseable {

    /**
     * Takes a packet, which may wait for others until it is flushed.
     *
     * @param from where the packet lies; its reader index is not moved
     */
    void write(ByteBuf from, int index, int length);

    /** Nothing waits any longer. */
    void flush();

    /** Flushes, too. */
    @Override
    void close();
  }
}
