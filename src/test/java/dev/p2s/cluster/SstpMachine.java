package dev.p2s.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * A person's machine outside the cluster: a small virtual one with Debian's kernel, pppd and sstpc
 * (images/sstp-client), since containers have no /dev/ppp. It does what it is told until it is
 * closed.
 */
final class SstpMachine implements AutoCloseable, Shell {

  private static final String IMAGE = "p2s.test/sstp-client:" + Installation.TAG;
  private static final Duration BOOT = Duration.ofMinutes(4);
  private static final Duration DIAL = Duration.ofSeconds(90);
  private static final int DIALS = 3;

  private static final String LINUX = "Linux/";

  // a command a line, in base64; its answer is its exit code and what it printed
  private static final String OBEY =
      """
      mkdir -p /vpn
      exec bash -c 'exec 3<>/dev/tcp/10.0.2.2/%d
      while read -r line <&3; do
        echo "$line" | base64 -d > /tmp/command
        sh /tmp/command > /tmp/printed 2>&1 3>&-
        echo "$? $(base64 -w0 /tmp/printed)" >&3
      done'
      """;

  private final Path console;
  private final String name;
  private final Process machine;
  private final Socket line;
  private final BufferedReader answers;

  /** Starts it and waits until it listens. */
  SstpMachine() {
    Command.of("hack/base-image").run(Duration.ofMinutes(10)).required();
    Command.of("hack/build-image", IMAGE, "images/sstp-client")
        .run(Duration.ofMinutes(10))
        .required();
    try (ServerSocket door = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Path job = Files.createTempDirectory("sstp-machine");
      Files.setPosixFilePermissions(job, PosixFilePermissions.fromString("rwxr-xr-x"));
      Files.writeString(job.resolve("run"), OBEY.formatted(door.getLocalPort()));
      console = Files.createTempFile("sstp-machine", ".log");
      name = "p2s-" + job.getFileName();
      machine =
          new ProcessBuilder(
                  "docker",
                  "run",
                  "--rm",
                  "--name",
                  name,
                  "--network",
                  "host",
                  "-v",
                  job + ":/job:ro",
                  IMAGE)
              .redirectErrorStream(true)
              .redirectOutput(console.toFile())
              .start();
      door.setSoTimeout((int) BOOT.toMillis());
      line = door.accept();
      line.setSoTimeout((int) DIAL.toMillis());
      answers =
          new BufferedReader(
              new InputStreamReader(line.getInputStream(), StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException("the machine of sstpc does not come up", e);
    }
  }

  /** Puts a text where pppd or sstpc look for it. */
  void write(String path, String text) {
    require(
        "mkdir -p $(dirname '"
            + path
            + "') && echo "
            + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))
            + " | base64 -d > '"
            + path
            + "'");
  }

  /** Starts pppd with a file of options and does not wait. */
  void dial(Map<String, String> files) {
    hangUp();
    files.forEach(this::write);
    start("file /vpn/options");
  }

  private void start(String how) {
    require(
        "rm -f /vpn/pppd.log; cd /vpn; (pppd %s nodetach debug logfile /vpn/pppd.log > /vpn/console 2>&1 & echo $! > /vpn/pid)"
            .formatted(how));
  }

  /** Does with a package what its README says, and waits until the tunnel is up. */
  void connectByPackage(byte[] zip, String gateway) {
    hangUp();
    String folder = "/etc/p2s/" + gateway + "-sstp/";
    PackageFolder.of(zip, LINUX)
        .forEach((path, text) -> write(folder + path.substring(LINUX.length()), text));
    require(
        "chown -R root: %1$s && chmod -R go= %1$s && chmod u+x %1$s/routes; ln -s %1$s/%2$s /etc/ppp/peers/%2$s"
            .formatted(folder, gateway));
    start("call " + gateway);
    try {
      Awaitility.await("sstpc's tunnel").atMost(DIAL).until(() -> !address().isEmpty());
    } catch (ConditionTimeoutException e) {
      throw new AssertionError("sstpc's tunnel did not come up:\n" + log(), e);
    }
  }

  /** Dials, again where pppd gives up on a busy machine, and waits until the tunnel is up. */
  SstpMachine connect(Map<String, String> files) {
    StringBuilder said = new StringBuilder();
    for (int dials = 0; dials < DIALS; dials++) {
      dial(files);
      try {
        Awaitility.await("sstpc's tunnel, or its end")
            .atMost(DIAL)
            .pollInterval(Duration.ofMillis(500))
            .until(() -> !address().isEmpty() || hasEnded());
      } catch (ConditionTimeoutException e) {
        throw new AssertionError("sstpc's tunnel did not come up:\n" + said + log(), e);
      }
      if (!address().isEmpty()) {
        return this;
      }
      said.append(log());
    }
    throw new AssertionError("sstpc's tunnel did not come up:\n" + said);
  }

  /** Dials, again where sstpc misses the answer, and waits until it is refused. */
  void awaitRefusal(Map<String, String> files, String why) {
    StringBuilder said = new StringBuilder();
    for (int dials = 0; dials < DIALS; dials++) {
      dial(files);
      awaitDisconnected();
      if (log().contains(why)) {
        return;
      }
      said.append(log());
    }
    throw new AssertionError("not refused with " + why + ":\n" + said);
  }

  /** Sends what is for an address into the tunnel. */
  void route(String address) {
    require("ip route replace " + address + "/32 dev ppp0");
  }

  /** The address that the gateway gave; "" while there is no tunnel. */
  String address() {
    return said("ip -4 -o address show dev ppp0 2>/dev/null | awk '{print $4}' | cut -d/ -f1")
        .strip();
  }

  void awaitDisconnected() {
    Awaitility.await("sstpc has been let go, or has given up")
        .atMost(DIAL)
        .pollInterval(Duration.ofMillis(500))
        .until(this::hasEnded);
  }

  private boolean hasEnded() {
    return said("kill -0 $(cat /vpn/pid) && echo on").isBlank();
  }

  void hangUp() {
    said("[ -e /vpn/pid ] && kill $(cat /vpn/pid); rm -f /vpn/options");
    Awaitility.await("pppd's end")
        .atMost(DIAL)
        .until(() -> said("[ -e /vpn/pid ] && kill -0 $(cat /vpn/pid) && echo on").isBlank());
  }

  /** What pppd and sstpc wrote. */
  String log() {
    return said("cat /vpn/pppd.log /vpn/console");
  }

  @Override
  public String run(String... words) {
    return require(
        Stream.of(words)
            .map(word -> "'" + word.replace("'", "'\\''") + "'")
            .collect(Collectors.joining(" ")));
  }

  private String require(String script) {
    return answer(script, true);
  }

  /** Standard output, whatever came of it. */
  private String said(String script) {
    return answer("{ " + script + "; } 2>/dev/null", false);
  }

  private synchronized String answer(String script, boolean mustSucceed) {
    try {
      line.getOutputStream()
          .write(
              (Base64.getEncoder().encodeToString(script.getBytes(StandardCharsets.UTF_8)) + "\n")
                  .getBytes(StandardCharsets.US_ASCII));
      String answer = answers.readLine();
      if (answer == null) {
        throw new IllegalStateException("the machine is off:\n" + Files.readString(console));
      }
      int space = answer.indexOf(' ');
      String printed =
          new String(
              Base64.getDecoder().decode(answer.substring(space + 1)), StandardCharsets.UTF_8);
      if (mustSucceed && !answer.startsWith("0 ")) {
        throw new IllegalStateException(script + ": exit " + answer.charAt(0) + "\n" + printed);
      }
      return printed;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      line.close();
      machine.destroy();
      new ProcessBuilder("docker", "rm", "-f", name).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
