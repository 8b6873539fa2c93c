package dev.p2s.agent.sstp;

import dev.p2s.dataplane.kernel.NetdWire;
import dev.p2s.dataplane.sstp.EndpointCommand;
import dev.p2s.dataplane.sstp.EndpointEvent;
import dev.p2s.dataplane.sstp.EndpointWire;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * The agent's line to the SSTP endpoint. It dials until the endpoint is there and then passes on
 * what happens; when the endpoint goes it dials again.
 */
public final class EndpointLine implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(EndpointLine.class);
  private static final int RETRY_MILLIS = 200;

  private final Path socket;
  private final EndpointWire wire = new EndpointWire();
  private EndpointListener listener;
  private Thread thread;
  private volatile boolean closed;
  private volatile SocketChannel channel;

  /**
   * @param run the directory that the pod's containers share
   */
  public EndpointLine(Path run) {
    this.socket = run.resolve(EndpointWire.SOCKET);
  }

  /** Begins to look for the endpoint; once is enough. */
  public synchronized void start(EndpointListener told) {
    if (thread == null) {
      listener = told;
      thread = Thread.ofPlatform().daemon().name("sstp-line").start(this::dial);
    }
  }

  /** Says something; what cannot be sent is lost with the endpoint that it was for. */
  public synchronized void send(EndpointCommand command) {
    SocketChannel open = channel;
    if (open == null) {
      return;
    }
    try {
      ByteBuffer line = ByteBuffer.wrap(wire.write(command));
      while (line.hasRemaining()) {
        open.write(line);
      }
    } catch (IOException e) {
      LOG.debugf("the SSTP endpoint took no command: %s", e.getMessage());
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (thread != null) {
      thread.interrupt();
    }
  }

  private void dial() {
    while (!closed) {
      if (Files.exists(socket)) {
        try (SocketChannel open = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
          channel = open;
          converse(new BufferedInputStream(Channels.newInputStream(open), 64 * 1024));
        } catch (IOException | IllegalArgumentException e) {
          LOG.debugf("the SSTP endpoint does not answer: %s", e.getMessage());
        } finally {
          channel = null;
        }
      }
      pause();
    }
  }

  private void converse(InputStream in) throws IOException {
    boolean attached = false;
    try {
      for (Optional<String> line = NetdWire.nextLine(in);
          line.isPresent();
          line = NetdWire.nextLine(in)) {
        EndpointEvent event = wire.readEvent(line.get());
        attached |= event instanceof EndpointEvent.Attached;
        if (attached) {
          listener.happened(event);
        }
      }
    } finally {
      if (attached && !closed) {
        listener.detached();
      }
    }
  }

  private void pause() {
    try {
      if (!closed) {
        Thread.sleep(RETRY_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closed = true;
    }
  }
}
