package dev.p2s.bench;

import dev.p2s.cluster.Command;
import dev.p2s.cluster.Installation;
import dev.p2s.cluster.Shell;
import dev.p2s.cluster.VpnClient;
import dev.p2s.sstp.client.SstpTunnel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * A machine that is connected by the independent SSTP client of the tests: a client's container
 * with its tools, and the client's Java beside it in the same network.
 */
final class SstpCaller implements AutoCloseable, Shell {

  private static final Duration STEP = Duration.ofMinutes(1);

  private final String machine = BareTarget.container(VpnClient.IMAGE, "sleep", "infinity");
  private final String client;

  /**
   * @param target what goes through the tunnel
   */
  SstpCaller(String gateway, int port, String user, String password, String target) {
    run("ip", "tuntap", "add", "dev", "sstp0", "mode", "tun", "multi_queue");
    List<String> words =
        new ArrayList<>(
            List.of(
                "run",
                "-d",
                "--network=container:" + machine,
                "--cap-add=NET_ADMIN",
                "--device=/dev/net/tun",
                "--user=0",
                "--entrypoint=java"));
    List<String> classes = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(":", -1)) {
      Path path = Path.of(entry).toAbsolutePath();
      if (entry.contains("netty") || entry.contains("bcprov") || Files.isDirectory(path)) {
        words.addAll(List.of("-v", path + ":" + path + ":ro"));
        classes.add(path.toString());
      }
    }
    words.addAll(
        List.of(
            Installation.OPERATOR_IMAGE,
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            String.join(":", classes),
            SstpTunnel.class.getName(),
            gateway,
            String.valueOf(port),
            user,
            password,
            target));
    client = BareTarget.docker(words.toArray(String[]::new)).strip();
    try {
      Awaitility.await("the SSTP client's tunnel")
          .atMost(STEP)
          .until(() -> log().contains("connected"));
    } catch (ConditionTimeoutException e) {
      String log = log();
      close();
      throw new AssertionError("the SSTP client's tunnel did not come up: " + log, e);
    }
  }

  private String log() {
    return Command.of("bash", "-c", "docker logs \"$0\" 2>&1", client).run(STEP).required();
  }

  @Override
  public String run(String... words) {
    List<String> command = new ArrayList<>(List.of("docker", "exec", machine));
    command.addAll(List.of(words));
    return Command.of(command).run(STEP).required();
  }

  @Override
  public void close() {
    BareTarget.docker("rm", "-f", client, machine);
  }
}
