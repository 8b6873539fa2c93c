package dev.p2s.sstp.real;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A small machine with Debian's kernel, pppd and sstpc (images/sstp-client), which runs one script
 * and goes off. This machine is 10.0.2.2 in it.
 */
public final class SstpcMachine {

  private static final String IMAGE =
      "p2s.test/sstp-client:" + System.getenv().getOrDefault("P2S_IMAGE_TAG", "dev");

  /** Taken where it works, which the image finds out. */
  private static final Path KVM = Path.of("/dev/kvm");

  private SstpcMachine() {}

  /**
   * Runs a script to its end.
   *
   * @param files what lies beside it, below {@code /job}, by path
   * @return what it has printed
   */
  public static String run(Path directory, Map<String, String> files, String script)
      throws IOException, InterruptedException {
    Path job = Files.createTempDirectory(directory, "job");
    Files.setPosixFilePermissions(job, PosixFilePermissions.fromString("rwxr-xr-x"));
    for (Map.Entry<String, String> file : files.entrySet()) {
      Path path = job.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.writeString(path, file.getValue());
    }
    Files.writeString(job.resolve("run"), script);
    Path log = directory.resolve(job.getFileName() + ".log");
    String name = "p2s-sstpc-" + ProcessHandle.current().pid() + "-" + job.getFileName();
    List<String> command =
        new ArrayList<>(List.of("docker", "run", "--rm", "--name", name, "--network", "host"));
    if (Files.exists(KVM)) {
      command.addAll(List.of("--device", KVM.toString()));
    }
    command.addAll(List.of("-v", job + ":/job:ro", IMAGE));
    Process machine =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    if (!machine.waitFor(180, TimeUnit.SECONDS)) {
      machine.destroy();
      new ProcessBuilder("docker", "rm", "-f", name).start().waitFor();
    }
    return Files.readString(log);
  }
}
