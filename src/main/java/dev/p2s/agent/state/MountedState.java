package dev.p2s.agent.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The state Secret as kubelet projects it into the pod: a start without the API server. */
public final class MountedState {

  private final Path directory;

  public MountedState(Path directory) {
    this.directory = directory;
  }

  /**
   * What is mounted now; empty where nothing is.
   *
   * @throws IllegalArgumentException where what is mounted is no state
   */
  public Optional<StateCandidate> read() {
    try {
      // kubelet swaps this link, so all entries of one directory belong together.
      Path link = directory.resolve("..data");
      Path projected = Files.exists(link) ? link.toRealPath() : directory;
      if (!Files.isDirectory(projected)) {
        return Optional.empty();
      }
      TreeMap<String, String> entries = new TreeMap<>();
      try (Stream<Path> files = Files.list(projected)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          entries.put(file.getFileName().toString(), Files.readString(file));
        }
      }
      if (entries.isEmpty()) {
        return Optional.empty();
      }
      Instant observed = Files.getLastModifiedTime(projected).toInstant();
      return Optional.of(
          new StateCandidate(StateBundle.of(entries), StateCandidate.Source.MOUNTED, observed));
    } catch (IOException e) {
      // The projection was swapped while it was read; the next look sees the new one.
      return Optional.empty();
    }
  }
}
