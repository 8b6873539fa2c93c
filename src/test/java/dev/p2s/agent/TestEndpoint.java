package dev.p2s.agent;

import dev.p2s.dataplane.JsonLines;
import dev.p2s.dataplane.sstp.EndpointCommand;
import dev.p2s.dataplane.sstp.EndpointEvent;
import dev.p2s.dataplane.sstp.EndpointWire;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** The other end of the agent's line: says what a test has it say, and reads what it is told. */
final class TestEndpoint implements AutoCloseable {

  private final EndpointWire wire = new EndpointWire();
  private final ServerSocketChannel server;
  private SocketChannel agent;
  private InputStream in;

  /**
   * @param run the directory that it shares with the agent
   */
  TestEndpoint(Path run) throws IOException {
    Path socket = run.resolve(EndpointWire.SOCKET);
    Files.createDirectories(socket.getParent());
    Files.deleteIfExists(socket);
    server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
  }

  /** Waits for the agent and says the first word. */
  void attach(EndpointEvent.Attached first) throws IOException {
    agent = server.accept();
    in = new BufferedInputStream(Channels.newInputStream(agent));
    say(first);
  }

  void say(EndpointEvent event) throws IOException {
    agent.write(ByteBuffer.wrap(wire.write(event)));
  }

  EndpointCommand next() throws IOException {
    return wire.readCommand(JsonLines.next(in).orElseThrow());
  }

  void detach() throws IOException {
    agent.close();
  }

  @Override
  public void close() throws IOException {
    if (agent != null) {
      agent.close();
    }
    server.close();
  }
}
