package dev.p2s.sstp.process;

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
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The unix socket at which the agent comes by; the newest agent is the one that counts. Directory
 * and socket are this user's own, which is the agent's too.
 */
final class AgentSocket implements AutoCloseable {

  /** Events that may wait for a slow agent; a busy one is told some hundred a second. */
  private static final int UNSAID = 10_000;

  private static final byte[] NOTHING_MORE = new byte[0];

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
    BlockingQueue<byte[]> unsaid = new LinkedBlockingQueue<>(UNSAID);
    Consumer<EndpointEvent> agent = event -> tell(peer, unsaid, event);
    Thread.ofVirtual().start(() -> speak(peer, unsaid));
    try (peer) {
      desk.attach(agent);
      InputStream in = new BufferedInputStream(Channels.newInputStream(peer), 64 * 1024);
      for (Optional<String> line = JsonLines.next(in);
          line.isPresent();
          line = JsonLines.next(in)) {
        EndpointCommand command = wire.readCommand(line.get());
        if (command instanceof EndpointCommand.Serve wanted) {
          agent.accept(new EndpointEvent.Serving(serve.apply(wanted)));
        } else {
          desk.obey(command);
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      System.err.println("sstp: the agent's connection ended: " + e.getMessage());
    } finally {
      desk.detach(agent);
      unsaid.clear();
      unsaid.add(NOTHING_MORE);
    }
  }

  /** Calls wait for nobody: an agent that does not listen is one that is not there. */
  private void tell(SocketChannel peer, BlockingQueue<byte[]> unsaid, EndpointEvent event) {
    if (!unsaid.offer(wire.write(event))) {
      close(peer);
    }
  }

  private static void speak(SocketChannel peer, BlockingQueue<byte[]> unsaid) {
    try {
      for (byte[] next = unsaid.take(); next != NOTHING_MORE; next = unsaid.take()) {
        ByteBuffer line = ByteBuffer.wrap(next);
        while (line.hasRemaining()) {
          peer.write(line);
        }
      }
    } catch (IOException e) {
      close(peer);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Its reader ends with it, and the next agent is told everything anew. */
  private static void close(SocketChannel peer) {
    try {
      peer.close();
    } catch (IOException e) {
      // It is being given up.
    }
  }
}
