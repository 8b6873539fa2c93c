package dev.p2s.agent.openvpn;

import dev.p2s.agent.openvpn.ManagementMessage.Answer;
import dev.p2s.dataplane.kernel.ProcessSlot;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * The agent's line to one openvpn process. It dials until the process is there, learns who is
 * connected, and then passes on what happens; when the process goes it dials again.
 */
public final class ManagementClient implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(ManagementClient.class);
  private static final int RETRY_MILLIS = 200;
  private static final int MAX_LINE = 16 * 1024;
  private static final String HELLO = "pid\nstate\nbytecount 10\nstatus 3\n";

  private final ProcessSlot slot;
  private final Path socket;
  private final ProcessListener listener;
  private final Thread thread;
  private volatile boolean closed;
  private volatile SocketChannel channel;

  public ManagementClient(ProcessSlot slot, Path socket, ProcessListener listener) {
    this.slot = slot;
    this.socket = socket;
    this.listener = listener;
    this.thread =
        Thread.ofPlatform().daemon().name("management-" + slot.tunnel()).unstarted(this::dial);
  }

  public void start() {
    thread.start();
  }

  /** Sends whole command lines; what cannot be sent is lost with the process that it was for. */
  public synchronized void send(String commands) {
    SocketChannel open = channel;
    if (open == null) {
      return;
    }
    try {
      ByteBuffer bytes = ByteBuffer.wrap(commands.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        open.write(bytes);
      }
    } catch (IOException e) {
      LOG.debugf("%s took no command: %s", slot.tunnel(), e.getMessage());
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
          converse(new BufferedInputStream(Channels.newInputStream(open), 64 * 1024));
        } catch (IOException e) {
          LOG.debugf("%s does not answer: %s", slot.tunnel(), e.getMessage());
        } finally {
          channel = null;
        }
      }
      pause();
    }
  }

  private void converse(InputStream in) throws IOException {
    ManagementParser parser = new ManagementParser();
    Introduction introduction = new Introduction();
    send(HELLO);
    boolean attached = false;
    try {
      for (String line = readLine(in); line != null; line = readLine(in)) {
        Optional<ManagementMessage> message = parser.line(line);
        if (message.isEmpty()) {
          continue;
        }
        if (attached) {
          pass(message.get());
        } else if (introduction.take(message.get())) {
          attached = true;
          listener.attached(slot, introduction.daemon(), introduction.rows());
          introduction.early.forEach(this::pass);
        }
      }
    } finally {
      if (attached && !closed) {
        listener.detached(slot);
      }
    }
  }

  private void pass(ManagementMessage message) {
    if (message instanceof Answer(String line)) {
      if (line.startsWith("ERROR:")) {
        // A client that went while it was answered: the commonest and harmless.
        LOG.debugf("%s: %s", slot.tunnel(), line);
      }
      return;
    }
    listener.event(slot, message);
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

  /** The next line; what is longer than any real line is cut. Null at the end. */
  private static String readLine(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(128);
    for (int b = in.read(); b >= 0; b = in.read()) {
      if (b == '\n') {
        return line.toString(StandardCharsets.UTF_8);
      }
      if (b != '\r' && line.size() < MAX_LINE) {
        line.write(b);
      }
    }
    return null;
  }

  /** The answers to {@link #HELLO}; what happens meanwhile waits until they are complete. */
  private static final class Introduction {
    private final List<ManagementMessage> early = new ArrayList<>();
    private final List<String> lines = new ArrayList<>();
    private int blocks;

    /** Takes a message; true where it was the last of the answers. */
    boolean take(ManagementMessage message) {
      if (!(message instanceof Answer(String line))) {
        early.add(message);
        return false;
      }
      lines.add(line);
      // Two answers, of `state` and `status 3`, end with this word.
      return line.equals("END") && ++blocks == 2;
    }

    String daemon() {
      String pid = "?";
      String start = "?";
      for (String line : lines) {
        if (line.startsWith("SUCCESS: pid=")) {
          pid = line.substring("SUCCESS: pid=".length());
        } else if (line.matches("[0-9]+,CONNECTED,.*")) {
          start = line.substring(0, line.indexOf(','));
        }
      }
      return pid + "@" + start;
    }

    List<ServerStatus.Row> rows() {
      return ServerStatus.rows(lines);
    }
  }
}
