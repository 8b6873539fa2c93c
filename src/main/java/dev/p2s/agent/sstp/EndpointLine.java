package dev.p2s.agent.sstp;

import dev.p2s.agent.line.ServerLine;
import dev.p2s.dataplane.JsonLines;
import dev.p2s.dataplane.sstp.EndpointCommand;
import dev.p2s.dataplane.sstp.EndpointEvent;
import dev.p2s.dataplane.sstp.EndpointWire;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The agent's line to the SSTP endpoint. It dials until the endpoint is there and then passes on
 * what happens; when the endpoint goes it dials again.
 */
public final class EndpointLine implements AutoCloseable {

  private final ServerLine line;
  private final EndpointWire wire = new EndpointWire();
  private EndpointListener listener;

  /**
   * @param run the directory that the pod's containers share
   */
  public EndpointLine(Path run) {
    this.line = new ServerLine("sstp-line", run.resolve(EndpointWire.SOCKET), this::converse);
  }

  /** Begins to look for the endpoint; once is enough. */
  public synchronized void start(EndpointListener told) {
    if (listener == null) {
      listener = told;
      line.start();
    }
  }

  /** Says something; what cannot be sent is lost with the endpoint that it was for. */
  public void send(EndpointCommand command) {
    line.send(ByteBuffer.wrap(wire.write(command)));
  }

  @Override
  public void close() {
    line.close();
  }

  private void converse(SocketChannel open) throws IOException {
    InputStream in = new BufferedInputStream(Channels.newInputStream(open), 64 * 1024);
    boolean attached = false;
    try {
      for (Optional<String> said = JsonLines.next(in);
          said.isPresent();
          said = JsonLines.next(in)) {
        EndpointEvent event = wire.readEvent(said.get());
        attached |= event instanceof EndpointEvent.Attached;
        if (attached) {
          listener.happened(event);
        }
      }
    } finally {
      if (attached && !line.isClosed()) {
        listener.detached();
      }
    }
  }
}
