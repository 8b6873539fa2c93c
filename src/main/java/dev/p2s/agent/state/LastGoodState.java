package dev.p2s.agent.state;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.p2s.agent.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * The state that was last in force, kept in the pod's memory-backed directory, so that an agent
 * that is restarted while the API server is away goes on where it was.
 */
public final class LastGoodState {

  private record Saved(long observedMillis, Map<String, String> entries) {}

  private final Path file;
  private final ObjectMapper json = JsonMapper.builder().build();

  public LastGoodState(Path file) {
    this.file = file;
  }

  public void save(StateCandidate candidate) throws IOException {
    AtomicFile.write(
        file,
        json.writeValueAsBytes(
            new Saved(candidate.observed().toEpochMilli(), candidate.bundle().entries())));
  }

  /** The saved state; empty where there is none that can be read. */
  public Optional<StateCandidate> load() {
    try {
      Saved saved = json.readValue(Files.readAllBytes(file), Saved.class);
      return Optional.of(
          new StateCandidate(
              StateBundle.of(saved.entries()),
              StateCandidate.Source.LAST_GOOD,
              Instant.ofEpochMilli(saved.observedMillis())));
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
