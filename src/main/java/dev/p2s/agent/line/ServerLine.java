package dev.p2s.agent.line;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jboss.logging.Logger;

/**
 * The agent's line to a server of its pod, over a socket that the server makes. It dials until the
 * server is there and has a conversation with it; when the server goes it dials again, for as long
 * as it isn't closed. The conversations are had one after another, on a thread of their own.
 */
public final class ServerLine implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(ServerLine.class);
  private static final int RETRY_MILLIS = 200;

  private final String server;
  private final Path socket;
  private final Conversation conversation;
  private final Thread thread;
  private volatile boolean closed;
  private volatile SocketChannel channel;

  /** What is said while a server is there. */
  @FunctionalInterface
  public interface Conversation {

    /**
     * Returns or throws when the server goes, or says what it never would.
     *
     * @throws IllegalArgumentException where what it says cannot be read
     */
    void with(SocketChannel open) throws IOException;
  }

  /**
   * @param server its name in logs, and the thread's
   */
  public ServerLine(String server, Path socket, Conversation conversation) {
    this.server = server;
    this.socket = socket;
    this.conversation = conversation;
    this.thread = Thread.ofPlatform().daemon().name(server).unstarted(this::dial);
  }

  public void start() {
    thread.start();
  }

  /** Whether nobody is to be told of the server any more. */
  public boolean isClosed() {
    return closed;
  }

  /** Says something; what cannot be sent is lost with the server that it was for. */
  public synchronized void send(ByteBuffer message) {
    SocketChannel open = channel;
    if (open == null) {
      return;
    }
    try {
      while (message.hasRemaining()) {
        open.write(message);
      }
    } catch (IOException e) {
      LOG.debugf("%s took no command: %s", server, e.getMessage());
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }

  private void dial() {
    while (!closed) {
      if (Files.exists(socket)) {
        try (SocketChannel open = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
          channel = open;
          conversation.with(open);
        } catch (IOException | IllegalArgumentException e) {
          LOG.debugf("%s does not answer: %s", server, e.getMessage());
        } finally {
          channel = null;
        }
      }
      pause();
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
