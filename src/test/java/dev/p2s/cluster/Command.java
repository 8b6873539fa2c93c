package dev.p2s.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A program of the machine, run to its end. */
public final class Command {

  /** What a program printed and how it ended. */
  public record Result(int exitCode, String output, String errors) {

    /** The output of a program that must succeed; what it printed is the failure's text. */
    public String required() {
      if (exitCode != 0) {
        throw new IllegalStateException("exit " + exitCode + "\n" + output + errors);
      }
      return output;
    }
  }

  private final List<String> words;
  private final Map<String, String> environment;

  private Command(List<String> words, Map<String, String> environment) {
    this.words = words;
    this.environment = environment;
  }

  public static Command of(String... words) {
    return new Command(List.of(words), Map.of());
  }

  public static Command of(List<String> words) {
    return new Command(List.copyOf(words), Map.of());
  }

  public Command with(String variable, String value) {
    var more = new java.util.HashMap<>(environment);
    more.put(variable, value);
    return new Command(words, Map.copyOf(more));
  }

  /** Runs in the project's folder, bounded in time; its lines of progress are shown at once. */
  public Result run(Duration limit) {
    return run(limit, new byte[0]);
  }

  public Result run(Duration limit, byte[] input) {
    ProcessBuilder builder =
        new ProcessBuilder(words).directory(Path.of("").toAbsolutePath().toFile());
    builder.environment().putAll(environment);
    try {
      Process process = builder.start();
      var output = read(process.getInputStream());
      var errors = readShowingProgress(process.getErrorStream());
      try (var in = process.getOutputStream()) {
        in.write(input);
      }
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException(words + " did not end within " + limit);
      }
      return new Result(process.exitValue(), output.join(), errors.join());
    } catch (IOException e) {
      throw new IllegalStateException(String.join(" ", words) + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static CompletableFuture<String> readShowingProgress(java.io.InputStream stream) {
    return CompletableFuture.supplyAsync(
        () -> {
          StringBuilder all = new StringBuilder();
          try (var reader = new BufferedReader(new InputStreamReader(stream, UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
              all.append(line).append('\n');
              if (line.startsWith("==> ")) {
                System.err.println(line);
              }
            }
          } catch (IOException e) {
            all.append(e.getMessage());
          }
          return all.toString();
        },
        task -> Thread.ofVirtual().start(task));
  }

  private static CompletableFuture<String> read(java.io.InputStream stream) {
    return CompletableFuture.supplyAsync(
        () -> {
          try (stream) {
            return new String(stream.readAllBytes(), UTF_8);
          } catch (IOException e) {
            return "";
          }
        },
        task -> Thread.ofVirtual().start(task));
  }
}
