package dev.p2s.sstp.server;

import io.netty.buffer.ByteBuf;
import java.io.IOException;

/** Where packets of the network come from and go to: a tun device, or a test's. */
public interface PacketDevice extends AutoCloseable {

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

  /** A way in, for the thread that asks for it. */
  Writer writer();

  @Override
  void close();

  /** Takes packets; what the network has no room for is lost, as packets are. */
  interface Writer extends AutoCloseable {

    /**
     * @param from where the packet lies; its reader index is not moved
     */
    void write(ByteBuf from, int index, int length);

    @Override
    void close();
  }
}
