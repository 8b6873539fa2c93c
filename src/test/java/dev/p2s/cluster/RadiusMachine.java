package dev.p2s.cluster;

import com.github.dockerjava.api.model.Capability;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.Container;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/** A RADIUS server outside the cluster: Debian's FreeRADIUS in a container on the engine. */
final class RadiusMachine implements AutoCloseable {

  static final String SECRET = "shared-with-the-gateway-7f3a";

  private static final String IMAGE = "p2s.test/freeradius:" + Installation.TAG;

  private final GenericContainer<?> machine;

  RadiusMachine() {
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

  String address() {
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

  void resume() {
    DockerClientFactory.lazyClient().unpauseContainerCmd(machine.getContainerId()).exec();
  }

  /** How many logins of a person it has accepted. */
  long accepted(String user) {
    return log().lines().filter(line -> line.contains("Login OK: [" + user + "]")).count();
  }

  String log() {
    return machine.getLogs();
  }

  String run(String... words) {
    try {
      Container.ExecResult result = machine.execInContainer(words);
      if (result.getExitCode() != 0) {
        throw new IllegalStateException(result.getStdout() + result.getStderr());
      }
      return result.getStdout();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    machine.stop();
  }
}
