package dev.p2s.agent.openvpn;

import dev.p2s.agent.line.ServerLine;
import dev.p2s.agent.openvpn.ManagementMessage.Answer;
import dev.p2s.dataplane.kernel.ProcessSlot;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
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
  private static final int MAX_LINE = 16 * 1024;
  private static final String HELLO = "pid\nstate\nbytecount 10\nstatus 3\n";

  private final ProcessSlot slot;
  private final ProcessListener listener;
  private final ServerLine line;

  public ManagementClient(ProcessSlot slot, Path socket, ProcessListener listener) {
    this.slot = slot;
    this.listener = listener;
    this.line = new ServerLine("management-" + slot.tunnel(), socket, this::converse);
  }

  public void start() {
    line.start();
  }

  /** Sends whole command lines; what cannot be sent is lost with the process that it was for. */
  public void send(String commands) {
    line.send(ByteBuffer.wrap(commands.getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  public void close() {
    line.close();
  }

  private void converse(SocketChannel open) throws IOException {
    InputStream in = new BufferedInputStream(Channels.newInputStream(open), 64 * 1024);
    ManagementParser parser = new ManagementParser();
    Introduction introduction = new Introduction();
    send(HELLO);
    boolean attached = false;
    try {
      for (String said = readLine(in); said != null; said = readLine(in)) {
        Optional<ManagementMessage> message = parser.line(said);
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
      if (attached && !line.isClosed()) {
        listener.detached(slot);
      }
    }
  }

  private void pass(ManagementMessage message) {
    if (message instanceof Answer(String answer)) {
      if (answer.startsWith("ERROR:")) {
        // A client that went while it was answered: the commonest and harmless.
        LOG.debugf("%s: %s", slot.tunnel(), answer);
      }
      return;
    }
    listener.event(slot, message);
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
