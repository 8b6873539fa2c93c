package dev.p2s.agent.kernel;

import dev.p2s.dataplane.JsonLines;
import dev.p2s.dataplane.kernel.NetdCommand;
import dev.p2s.dataplane.kernel.NetdReply;
import dev.p2s.dataplane.kernel.NetdWire;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * The agent's line to netd. Every command says what shall be, so one that was cut off by a restart
 * of netd is simply given again.
 */
public final class NetdClient implements KernelGate, AutoCloseable {

  private final Path socket;
  private final NetdWire wire = new NetdWire();
  private SocketChannel channel;
  private InputStream input;

  public NetdClient(Path run) {
    this.socket = run.resolve(NetdWire.SOCKET);
  }

  @Override
  public synchronized NetdReply ask(NetdCommand command) throws IOException {
    if (channel != null) {
      try {
        return exchange(command);
      } catch (IOException e) {
        close();
      }
    }
    try {
      channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
      input = new BufferedInputStream(Channels.newInputStream(channel), 64 * 1024);
      return exchange(command);
    } catch (IOException e) {
      close();
      throw new IOException("netd does not answer: " + e.getMessage(), e);
    }
  }

  @Override
  public synchronized void close() {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        // It is being given up.
      }
      channel = null;
    }
  }

  private NetdReply exchange(NetdCommand command) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(wire.write(command));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
    String line =
        JsonLines.next(input).orElseThrow(() -> new IOException("the connection was closed"));
    try {
      return wire.readReply(line);
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage());
    }
  }
}
