package dev.p2s.agent.pod;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Programs of this machine, in network namespaces of their own; ends what it has started. */
final class Machine implements AutoCloseable {

  private static final String MINE =
      "p2s" + System.getenv().getOrDefault("P2S_IMAGE_TAG", "") + "-";

  private final Path logs;
  private final List<Process> started = new ArrayList<>();
  private final List<String> namespaces = new ArrayList<>();
  private int cables;

  Machine(Path logs) {
    this.logs = logs;
  }

  /** A namespace's name that no other worktree's run has. */
  static String named(String name) {
    return MINE + name;
  }

  /** Makes a namespace; one that a killed run has left goes first. */
  void namespace(String name) {
    if (require("ip", "netns", "list").lines().anyMatch(line -> line.split(" ")[0].equals(name))) {
      require("ip", "netns", "del", name);
    }
    require("ip", "netns", "add", name);
    namespaces.add(name);
    require("ip", "-n", name, "link", "set", "lo", "up");
  }

  /** Joins two namespaces by a cable. */
  void cable(String one, String oneAddress, String other, String otherAddress) {
    String left = "cable" + cables + "a";
    String right = "cable" + cables++ + "b";
    require(
        "ip", "link", "add", left, "netns", one, "type", "veth", "peer", "name", right, "netns",
        other);
    for (String[] end :
        List.of(new String[] {one, left, oneAddress}, new String[] {other, right, otherAddress})) {
      List<String> address =
          new ArrayList<>(List.of("ip", "-n", end[0], "address", "add", end[2], "dev", end[1]));
      if (end[2].indexOf(':') >= 0) {
        // there is nobody else on the cable who could have the same
        address.add("nodad");
      }
      require(address.toArray(String[]::new));
      require("ip", "-n", end[0], "link", "set", end[1], "up");
    }
  }

  /** Runs a program to its end, 20 seconds at most. */
  String require(String... words) {
    try {
      Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
      started.add(process);
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(20, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IllegalStateException(String.join(" ", words) + "\n" + output);
      }
      started.remove(process);
      return output;
    } catch (IOException e) {
      throw new IllegalStateException("this test needs root and " + words[0], e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Starts a program in a namespace; what it prints goes to a log of that name. */
  Process start(String log, String namespace, Map<String, String> environment, String... words) {
    List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
    all.addAll(List.of(words));
    File file = logs.resolve(log + ".log").toFile();
    ProcessBuilder builder =
        new ProcessBuilder(all)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(file));
    builder.environment().putAll(environment);
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      started.add(process);
      return process;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  Path log(String name) {
    return logs.resolve(name + ".log");
  }

  @Override
  public void close() {
    for (Process process : started.reversed()) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    for (Process process : started) {
      try {
        process.waitFor(5, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    started.clear();
    for (String name : List.copyOf(namespaces)) {
      require("ip", "netns", "del", name);
    }
  }
}
