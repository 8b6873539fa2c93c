package dev.p2s.cluster;

import com.github.dockerjava.api.model.Capability;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/** A RADIUS server outside the cluster: Debian's FreeRADIUS in a container on the engine. */
public final class RadiusMachine implements AutoCloseable {

  public static final String SECRET = "shared-with-the-gateway-7f3a";

  /** Alice's password. */
  public static final String ALICE = "alice's pass phrase";

  private static final String IMAGE = "p2s.test/freeradius:" + Installation.TAG;

  private final GenericContainer<?> machine;

  public RadiusMachine() {
    Command.of("hack/base-image").run(Duration.ofMinutes(10)).required();
    Command.of("hack/build-image", IMAGE, "images/freeradius-test")
        .run(Duration.ofMinutes(10))
        .required();
    machine =
        new GenericContainer<>(DockerImageName.parse(IMAGE))
            .withCreateContainerCmdModifier(
                create -> create.getHostConfig().withCapAdd(Capability.NET_ADMIN))
            .withEnv("SECRET", SECRET)
            .withLabels(EngineContainers.ofThisRun());
    machine.start();
    Awaitility.await("FreeRADIUS")
        .atMost(Duration.ofSeconds(30))
        .until(() -> log().contains("Ready to process requests"));
  }

  public String address() {
    return machine
        .getContainerInfo()
        .getNetworkSettings()
        .getNetworks()
        .values()
        .iterator()
        .next()
        .getIpAddress();
  }

  /** Makes it silent: it takes nothing and says nothing, as a machine that hangs. */
  void pause() {
    DockerClientFactory.lazyClient().pauseContainerCmd(machine.getContainerId()).exec();
  }

  /** Whether an agent whose log this is asks it no more. */
  boolean isGivenUp(String log) {
    String name = "RADIUS server " + address();
    return log.lastIndexOf(name + " does not answer") > log.lastIndexOf(name + " answers again");
  }

  void resume() {
    DockerClientFactory.lazyClient().unpauseContainerCmd(machine.getContainerId()).exec();
  }

  /** The root of its own certificate, and of grace's, PEM. */
  String root() {
    return run("cat", "/run/p2s-radius/pki/ca.pem");
  }

  /** Grace's certificate, PEM. */
  String certificate() {
    return run("cat", "/run/p2s-radius/pki/grace.pem");
  }

  /** Its key, PEM. */
  String key() {
    return run("cat", "/run/p2s-radius/pki/grace.key");
  }

  /** How many logins of a person it has accepted. */
  long accepted(String user) {
    return log().lines().filter(line -> line.contains("Login OK: [" + user + "]")).count();
  }

  /**
   * What it was told of sessions: a line for each Accounting-Request, in order, of words such as
   * {@code status=Start user=alice}.
   */
  List<String> accounts() {
    return run("sh", "-c", "cat /run/p2s-radius/accounts 2>/dev/null || true").lines().toList();
  }

  /** Waits until it was told so of a person's session; the line. */
  String awaitAccount(String user, String status, String... words) {
    return awaitAccount(List.of(this), user, status, words);
  }

  /** Waits until one of these was told so of a person's session; the line. */
  static String awaitAccount(
      List<RadiusMachine> servers, String user, String status, String... words) {
    return Awaitility.await(status + " of " + user + " with " + List.of(words))
        .atMost(Duration.ofSeconds(90))
        .pollInterval(Duration.ofMillis(500))
        .until(
            () ->
                servers.stream()
                    .flatMap(server -> server.accounts(user, status).reversed().stream())
                    .filter(line -> Stream.of(words).allMatch(line::contains))
                    .findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }

  /**
   * Asks a gateway for the end of sessions, as radclient does; what it was told.
   *
   * @param which attributes such as {@code User-Name=alice}
   */
  String disconnect(String gateway, String... which) {
    return run(
        "sh",
        "-c",
        "printf '%s\\n' \"$1\" | radclient -x -r 1 -t 2 -D /etc/p2s-radius \"$2:3799\" disconnect"
            + " \"$SECRET\" 2>&1; true",
        "sh",
        String.join(",", which),
        gateway);
  }

  /** What it was told of a person's sessions that had this status. */
  List<String> accounts(String user, String status) {
    return accounts().stream()
        .filter(line -> line.contains("status=" + status + " user=" + user + " "))
        .toList();
  }

  String log() {
    return machine.getLogs();
  }

  String run(String... words) {
    return new ContainerShell(machine).run(words);
  }

  @Override
  public void close() {
    machine.stop();
  }
}
