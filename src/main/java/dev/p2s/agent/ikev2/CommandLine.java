package dev.p2s.agent.ikev2;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jboss.logging.Logger;

/**
 * A connection over which charon is told and asked, one thing after the other; it is dialled anew
 * when charon has gone.
 */
final class CommandLine implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(CommandLine.class);

  /** What is said over it. */
  interface Conversation<T> {
    T with(ViciConnection line) throws IOException;
  }

  private final Path socket;
  private final ExecutorService commands;
  private ViciConnection line;

  /**
   * @param name of its thread
   */
  CommandLine(Path socket, String name) {
    this.socket = socket;
    this.commands =
        Executors.newSingleThreadExecutor(
            task -> Thread.ofPlatform().daemon().name(name).unstarted(task));
  }

  /** Says it when everything before has been answered. */
  <T> CompletableFuture<T> say(Conversation<T> conversation) {
    CompletableFuture<T> done = new CompletableFuture<>();
    commands.execute(
        () -> {
          try {
            if (line == null) {
              line = ViciConnection.dial(socket);
            }
            done.complete(conversation.with(line));
          } catch (ViciRefusal e) {
            done.completeExceptionally(e);
          } catch (IOException | RuntimeException e) {
            hangUp();
            done.completeExceptionally(e);
          }
        });
    return done;
  }

  @Override
  public void close() {
    commands.shutdownNow();
  }

  private void hangUp() {
    if (line == null) {
      return;
    }
    try {
      line.close();
    } catch (IOException e) {
      LOG.debugf("charon's socket does not close: %s", e.getMessage());
    }
    line = null;
  }
}
