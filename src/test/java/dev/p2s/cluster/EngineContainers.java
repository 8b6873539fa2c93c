package dev.p2s.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Whose the containers on the engine are, so that a test run removes what a killed one left and
 * nothing of one that still runs beside it. A surefire JVM that is killed runs no shutdown hooks.
 */
final class EngineContainers {

  /** {@code test}: goes with its run; {@code kept}: stays until it is taken down by name. */
  static final String KIND = "dev.p2s.test-cluster";

  /** The process that a container goes with. */
  static final String OWNER = "dev.p2s.owner";

  private static final Duration LIMIT = Duration.ofMinutes(2);

  private EngineContainers() {}

  /** The labels of a container that goes with this JVM. */
  static Map<String, String> ofThisRun() {
    return Map.of(KIND, "test", OWNER, owner(ProcessHandle.current()));
  }

  /** The labels of a container that goes with a kept cluster, by {@code hack/cluster-down}. */
  static Map<String, String> ofKept(String cluster) {
    return Map.of(KIND, "kept", "dev.p2s.cluster", cluster);
  }

  /** Removes the containers, volumes included, whose process is gone. */
  static void removeLeftovers() {
    List<String> left = new ArrayList<>();
    String rows =
        docker(
            "ps",
            "-a",
            "--filter",
            "label=" + KIND + "=test",
            "--format",
            "{{.ID}} {{.Label \"" + OWNER + "\"}}");
    for (String row : rows.lines().toList()) {
      String[] columns = row.split(" ");
      if (columns.length == 2 && isGone(columns[1])) {
        left.add(columns[0]);
      }
    }
    if (!left.isEmpty()) {
      Progress.say("removing %d containers that a killed run left", left.size());
      remove(left);
    }
  }

  /**
   * Clears the way for a kept cluster: what is there under its name goes, unless it runs the same
   * image. A stopped one is no node any more, and two on one volume destroy each other.
   *
   * @return the running container that will be used again, or an empty text
   */
  static String prepareKept(String name, String image) {
    String rows =
        docker(
            "ps",
            "-a",
            "--filter",
            "volume=" + volume(name),
            "--format",
            "{{.ID}} {{.State}} {{.Image}}");
    if (rows.lines().toList().size() == 1 && rows.strip().endsWith(" running " + image)) {
      return rows.split(" ")[0];
    }
    removeKept(name);
    return "";
  }

  static void removeKept(String name) {
    Command.of("hack/cluster-down", name).run(LIMIT).required();
  }

  static void remove(List<String> ids) {
    List<String> words = new ArrayList<>(List.of("hack/remove-containers"));
    words.addAll(ids);
    Command.of(words).run(LIMIT).required();
  }

  /** The volumes of a container, to be asked for while it is there. */
  static List<String> volumes(String id) {
    return docker(
            "inspect",
            "-f",
            "{{range .Mounts}}{{if eq .Type \"volume\"}}{{println .Name}}{{end}}{{end}}",
            id)
        .lines()
        .filter(line -> !line.isBlank())
        .toList();
  }

  static void removeVolumes(List<String> names) {
    List<String> words = new ArrayList<>(List.of("hack/remove-volumes"));
    words.addAll(names);
    Command.of(words).run(LIMIT).required();
  }

  static String docker(String... arguments) {
    List<String> words = new ArrayList<>(List.of("docker"));
    words.addAll(List.of(arguments));
    return Command.of(words).run(LIMIT).required();
  }

  /** KindContainer's name for the volume of a container that it reuses. */
  private static String volume(String name) {
    return "kindcontainer-reuse-p2s-" + name;
  }

  private static boolean isGone(String owner) {
    String[] parts = owner.split("/");
    // Processes of another namespace (a CI job beside this one) can't be judged from here.
    return parts.length == 3
        && parts[0].equals(processNamespace())
        && ProcessHandle.of(Long.parseLong(parts[1]))
            .map(process -> !owner(process).equals(owner))
            .orElse(true);
  }

  private static String owner(ProcessHandle process) {
    long started = process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    return processNamespace() + "/" + process.pid() + "/" + started;
  }

  private static String processNamespace() {
    try {
      return Files.readSymbolicLink(Path.of("/proc/self/ns/pid"))
          .toString()
          .replaceAll("[^0-9]", "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
