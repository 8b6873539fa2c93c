package dev.p2s.agent.weblogin;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.p2s.agent.AtomicFile;
import dev.p2s.dataplane.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * What people's logins are renewed with, the newest of each, beside the sessions: an agent that is
 * started anew goes on renewing them. Memory alone holds the files, and only the agent reads them.
 * Used on the agent's loop only.
 */
public final class RefreshTokens {

  private static final Logger LOG = Logger.getLogger(RefreshTokens.class);
  private static final int LONGEST = 16 * 1024;

  /**
   * @param user whose
   * @param basis what the login stood on ({@code TokenIssuer.basis})
   * @param token the refresh token; never printed
   * @param sinceMillis when the person has logged in, in milliseconds since 1970
   */
  public record Held(String user, String basis, String token, long sinceMillis) {
    @Override
    public String toString() {
      return "Held of " + user;
    }
  }

  private final Path directory;
  private final ObjectMapper json = JsonMapper.builder().build();
  private final Map<String, Held> held = new HashMap<>();
  private final Map<String, Instant> tried = new HashMap<>();

  public RefreshTokens(Path directory) {
    this.directory = directory;
    try {
      if (Files.isDirectory(directory)) {
        try (Stream<Path> files = Files.list(directory)) {
          for (Path file : files.filter(f -> f.toString().endsWith(".json")).toList()) {
            Held kept = json.readValue(Files.readAllBytes(file), Held.class);
            held.put(kept.user(), kept);
          }
        }
      }
    } catch (IOException e) {
      LOG.warnf("what logins are renewed with cannot be read: %s", e.getClass().getSimpleName());
    }
  }

  public void keep(Held newest) {
    if (newest.token().isEmpty() || newest.token().length() > LONGEST) {
      forget(newest.user());
      return;
    }
    held.put(newest.user(), newest);
    try {
      AtomicFile.write(file(newest.user()), json.writeValueAsBytes(newest));
    } catch (IOException e) {
      LOG.warnf("what a login is renewed with is not kept: %s", e.getClass().getSimpleName());
    }
  }

  public Optional<Held> of(String user) {
    return Optional.ofNullable(held.get(user));
  }

  public void forget(String user) {
    held.remove(user);
    tried.remove(user);
    try {
      Files.deleteIfExists(file(user));
    } catch (IOException e) {
      LOG.warnf("what a login was renewed with stays: %s", e.getClass().getSimpleName());
    }
  }

  /** Whether a renewal may be tried now; the issuer is not asked again at once. */
  public boolean mayTry(String user, Instant now, long seconds) {
    Instant last = tried.get(user);
    if (last != null && now.isBefore(last.plusSeconds(seconds))) {
      return false;
    }
    tried.put(user, now);
    return true;
  }

  public Set<String> users() {
    return Set.copyOf(held.keySet());
  }

  private Path file(String user) {
    return directory.resolve(Sha256.hex(user) + ".json");
  }
}
