package dev.p2s.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A node that is a container of this machine's engine, as those of kind are: images are brought
 * into it without a registry, and a test may lay hands on what runs there.
 */
record NodeContainer(String id) {

  private static final Duration LIMIT = Duration.ofMinutes(10);

  /** The container with an address; empty where the node is elsewhere, or no engine answers. */
  static Optional<NodeContainer> at(String address) {
    return Command.of(
            "sh",
            "-c",
            "docker ps -q --no-trunc | xargs -r docker inspect -f"
                + " '{{.Id}}{{range .NetworkSettings.Networks}} {{.IPAddress}}{{end}}'")
        .run(LIMIT)
        .output()
        .lines()
        .map(line -> Arrays.asList(line.split(" ")))
        .filter(columns -> columns.subList(1, columns.size()).contains(address))
        .map(columns -> new NodeContainer(columns.getFirst()))
        .findFirst();
  }

  /** Brings a local image into it, unless it has the same version. */
  void load(String image) {
    String version = EngineContainers.docker("image", "inspect", "-f", "{{.Id}}", image).strip();
    String mark = "/kind/loaded/" + image.replaceAll("[^A-Za-z0-9.-]", "_");
    if (run("sh", "-c", "cat " + mark + " 2>/dev/null || true").strip().equals(version)) {
      return;
    }
    Progress.say("loading %s into the node", image);
    Command.of(
            "bash",
            "-c",
            "set -o pipefail; docker save \"$0\" | docker exec -i \"$1\" ctr -n k8s.io images import -",
            image,
            id)
        .run(LIMIT)
        .required();
    run("sh", "-c", "mkdir -p /kind/loaded && echo " + version + " > " + mark);
  }

  /** Runs a program that must succeed and returns what it printed. */
  String run(String... words) {
    List<String> command = new ArrayList<>(List.of("docker", "exec", id));
    command.addAll(List.of(words));
    return Command.of(command).run(LIMIT).required();
  }
}
