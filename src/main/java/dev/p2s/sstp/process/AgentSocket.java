package dev.p2s.sstp.process;

import dev.p2s.dataplane.kernel.NetdWire;
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
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The unix socket at which the agent comes by; the newest agent is the one that counts. Directory
 * and socket are this user's own, which is the agent's too.
 */
final class AgentSocket implements AutoCloseable {

  private final AgentDesk desk;
  private final Function<EndpointCommand.Serve, String> serve;
  private final EndpointWire wire = new EndpointWire();
  private final ServerSocketChannel server;

  /**
   * @param serve does what the agent wants to be served; answers the problem, or nothing
   */
  AgentSocket(Path socket, AgentDesk desk, Function<EndpointCommand.Serve, String> serve)
      throws IOException {
    this.desk = desk;
    this.serve = serve;
    Files.createDirectories(socket.getParent());
    Files.deleteIfExists(socket);
    server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    Thread.ofPlatform().daemon().name("sstp-agents").start(this::accept);
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel peer = server.accept();
        Thread.ofPlatform().daemon().name("sstp-agent").start(() -> converse(peer));
      }
    } catch (IOException e) {
      if (server.isOpen()) {
        System.err.println("sstp: no agent can come by any more: " + e.getMessage());
      }
    }
  }

  private void converse(SocketChannel peer) {
    Consumer<EndpointEvent> agent = event -> tell(peer, event);
    try (peer) {
      desk.attach(agent);
      InputStream in = new BufferedInputStream(Channels.newInputStream(peer), 64 * 1024);
      for (Optional<String> line = NetdWire.nextLine(in);
          line.isPresent();
          line = NetdWire.nextLine(in)) {
        EndpointCommand command = wire.readCommand(line.get());
        if (command instanceof EndpointCommand.Serve wanted) {
          tell(peer, new EndpointEvent.Serving(serve.apply(wanted)));
        } else {
          desk.obey(command);
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      System.err.println("sstp: the agent's connection ended: " + e.getMessage());
    } finally {
      desk.detach(agent);
    }
  }

  private void tell(SocketChannel peer, EndpointEvent event) {
    ByteBuffer line = ByteBuffer.wrap(wire.write(event));
    synchronized (peer) {
      try {
        while (line.hasRemaining()) {
          peer.write(line);
        }
      } catch (IOException e) {
        // Its reader ends too, and the next agent is told everything anew.
      }
    }
  }
}
